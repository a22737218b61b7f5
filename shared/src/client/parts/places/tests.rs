use super::*;
use crate::ids::RecordHash;

fn head(position: u64) -> Knows {
    Knows { generation: 1, position, hash: RecordHash([0; 32]) }
}

#[test]
fn an_own_entry_counts_by_the_answer_that_took_it_first() {
    let (circle, document) = (CircleId([1; 16]), DocumentId([2; 16]));
    let mut places = KnownPlaces::default();
    let mut batch = Batch::default();
    for (max_op, position) in [(5, 3), (9, 3), (9, 8), (12, 8)] {
        places.note_signed(&Signing { circle, document, max_op }, head(position), &mut batch);
    }
    let at = |counter| places.position_of(&document, None, counter, |_| None);
    assert_eq!([at(1), at(9), at(10), at(13)], [Some(3), Some(3), Some(8), None]);
    assert_eq!(places.position_of(&document, None, 10, |_| Some(6)), Some(6), "a backup kept less");
    let (_, key, value) = batch.puts.pop().unwrap();
    let mut loaded = KnownPlaces::default();
    loaded.load(&key, &value);
    assert_eq!(loaded.signed, places.signed);
}
