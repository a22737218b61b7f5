use super::*;

#[test]
fn what_a_phone_keeps_of_a_returned_statement_is_read_as_it_was_written() {
    let kinds = [
        (0, ReturnedKind::Remove),
        (1, ReturnedKind::RemoveDevice),
        (2, ReturnedKind::Confirm),
        (3, ReturnedKind::Promote),
        (4, ReturnedKind::Demote),
        (5, ReturnedKind::Invite),
        (6, ReturnedKind::Withdraw),
        (7, ReturnedKind::Device),
        (8, ReturnedKind::Setting),
        (9, ReturnedKind::Led),
    ];
    for (code, kind) in kinds {
        assert_eq!((kind.code(), ReturnedKind::from_code(code)), (code, Some(kind)));
    }
    assert_eq!(ReturnedKind::from_code(10), None);
}
