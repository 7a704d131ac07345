mod prelude;

use http_guest::KVStore;
use prelude::Said;

fn get(store: &KVStore, key: &str, said: &mut Said) {
    match store.get(key) {
        Some(value) => {
            said.number(1);
            said.number(value.len() as i32);
            said.text(&value);
        }
        None => said.text(b"0 0 null"),
    }
}

fn increment(store: &mut KVStore, delta: i64, said: &mut Said) {
    let sum = store.increment("sum", delta);
    said.number(sum.is_some());
    said.number(sum.unwrap_or(0));
}

fn guest(choice: u8, said: &mut Said) {
    let mut store = KVStore::new();
    match choice {
        b'1' => said.number(store.insert("kept", b"from before")),
        b'2' => get(&store, "kept", said),
        b'3' => {
            said.number(store.insert("cas", b"a"));
            said.number(store.compare_and_set("cas", b"x", b"b"));
            said.number(store.compare_and_set("cas", b"a", b"bc"));
            get(&store, "cas", said);
            said.number(store.compare_and_set("gone", b"", b"b"));
        }
        b'4' => {
            increment(&mut store, 5, said);
            increment(&mut store, -12, said);
            said.number(store.increment("sum", 1).is_some());
            get(&store, "sum", said);
            said.number(store.insert("sum", b"a"));
            increment(&mut store, 1, said);
        }
        _ => {
            said.number(store.upsert("k", b"a"));
            said.number(store.upsert("k", b"b"));
            get(&store, "k", said);
            said.number(store.append("k", b"c"));
            get(&store, "k", said);
            said.number(store.insert("k", b"d"));
            get(&store, "k", said);
            said.number(store.remove("k"));
            said.number(store.remove("k"));
            get(&store, "k", said);
            said.number(store.append("k", b"e"));
            said.number(store.insert("empty", b""));
            get(&store, "empty", said);
        }
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn run() {
    prelude::run(guest);
}
