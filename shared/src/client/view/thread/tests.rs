use super::*;

#[test]
fn a_stored_summary_is_read_as_it_was_written() {
    let codes = [
        (0, BodyState::Here),
        (1, BodyState::Missing),
        (2, BodyState::Gone),
        (3, BodyState::Before),
        (4, BodyState::Waiting),
        (5, BodyState::Unverified),
        (6, BodyState::Hidden),
    ];
    for (code, state) in codes {
        assert_eq!((state.code(), BodyState::from_code(code)), (code, Some(state)));
    }
    assert_eq!(BodyState::from_code(7), None);
}
