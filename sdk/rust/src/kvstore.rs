//! The deployment's key-value store: shared by its requests, empty at first, gone with the deployment.

use crate::hostcalls;

/// Access to the store. Each operation is atomic.
///
/// ```no_run
/// use http_guest::KVStore;
/// let mut store = KVStore::new();
/// assert!(store.insert("greeting", b"hello"));
/// assert_eq!(store.get("greeting"), Some(b"hello".to_vec()));
/// ```
#[derive(Debug, Default)]
pub struct KVStore {
    _private: (),
}

impl KVStore {
    /// The store of this deployment. [`guest_app_kvs!`](crate::guest_app_kvs) hands it to the program.
    pub fn new() -> Self {
        KVStore { _private: () }
    }

    /// Writes always; true if the key was absent.
    pub fn insert(&mut self, key: &str, value: &[u8]) -> bool {
        hostcalls::kvstore_insert(key, value)
    }

    /// Writes only if the key is absent; true if it was.
    pub fn upsert(&mut self, key: &str, value: &[u8]) -> bool {
        hostcalls::kvstore_upsert(key, value)
    }

    /// Appends to the value, or inserts it; true if the key was absent.
    pub fn append(&mut self, key: &str, value: &[u8]) -> bool {
        hostcalls::kvstore_append(key, value)
    }

    /// Writes only if the key has exactly the expected value; true if it had. Of several requests that
    /// expect the same value, one writes. To write only if the key is absent, use [`upsert`](Self::upsert).
    pub fn compare_and_set(&mut self, key: &str, expected: &[u8], value: &[u8]) -> bool {
        hostcalls::kvstore_compare_and_set(key, expected, value)
    }

    /// Adds to a value that is a whole number in decimal digits, and returns the sum; an absent key counts as
    /// 0. `None`, and nothing changes, if the value is no such number or the sum does not fit.
    pub fn increment(&mut self, key: &str, delta: i64) -> Option<i64> {
        hostcalls::kvstore_increment(key, delta)
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<Vec<u8>> {
        hostcalls::kvstore_get(key)
    }

    /// Removes a key; true if it was there.
    pub fn remove(&mut self, key: &str) -> bool {
        hostcalls::kvstore_remove(key)
    }
}
