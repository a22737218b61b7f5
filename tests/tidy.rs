//! The rules that the compiler does not hold.
