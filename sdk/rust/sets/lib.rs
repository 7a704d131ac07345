//! Holds nothing: a set is its dependencies.
