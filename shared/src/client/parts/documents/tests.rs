use super::*;
use crate::document::{DocumentName, Subject};
use crate::ids::ActorId;

const CIRCLE: CircleId = CircleId([1; 16]);

fn opened(used: u64) -> OpenDocument {
    let name = DocumentName::new(Subject::Profile);
    let handle = Handle::open(&CIRCLE, &name, ActorId([2; 16]), &[] as &[Vec<u8>]).unwrap();
    OpenDocument::new(CIRCLE, handle, used)
}

fn document(number: u64) -> DocumentId {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&number.to_be_bytes());
    DocumentId(id)
}

#[test]
fn what_was_not_used_for_longest_closes_and_what_is_on_screen_or_edited_stays() {
    let mut documents = Documents::default();
    for number in 0..OPEN_MAX as u64 {
        documents.add(document(number), opened(number));
    }
    documents.watch(document(0));
    documents.get_mut(&document(1)).unwrap().drafts.begin();
    documents.touch(&document(2), 100);
    documents.add(document(99), opened(101));
    assert!(documents.is_open(&document(3)), "a task may be on its way");
    documents.rest();
    let open = |number| documents.is_open(&document(number));
    assert!(open(0) && open(1) && open(2) && open(99) && !open(3));
}

#[test]
fn some_stay_open_whatever_is_on_screen() {
    let mut documents = Documents::default();
    for number in 0..OPEN_MAX as u64 + 8 {
        documents.watch(document(number));
        documents.add(document(number), opened(number));
    }
    for number in 1_000..1_008 {
        documents.add(document(number), opened(number));
    }
    documents.rest();
    let idle = documents.iter().filter(|(document, _)| !documents.is_watched(document)).count();
    assert_eq!(idle, IDLE_MIN);
}

#[test]
fn a_document_that_is_shut_with_drafts_is_taken_up_until_that_was_tried_in_vain() {
    let mut documents = Documents::default();
    documents.add(document(1), opened(1));
    documents.get_mut(&document(1)).unwrap().drafts.begin();
    documents.shut(&document(1));
    assert_eq!((documents.to_take_up(), documents.has_typed(&document(1))), (vec![document(1)], true));
    documents.leave_drafted(document(1));
    assert!(documents.to_take_up().is_empty() && documents.try_again());
    assert_eq!(documents.to_take_up(), [document(1)]);
    documents.set_aside(&document(1), 7);
    assert!(documents.to_take_up().is_empty() && documents.end_of(&document(1)) == 7);
}

#[test]
fn what_panics_is_told_before_and_survived() {
    use std::cell::RefCell;
    use std::rc::Rc;
    let told = Rc::new(RefCell::new(Vec::new()));
    let mut documents = Documents::default();
    let observer = Rc::clone(&told);
    documents.observe(Box::new(move |record| observer.borrow_mut().push(record)));
    assert_eq!(documents.guarded(&document(1), 3, || 5), Some(5));
    assert_eq!(documents.guarded::<()>(&document(1), 4, || panic!("on purpose")), None);
    let row = |from| Some(Documents::aside_row(&document(1), from));
    assert_eq!(*told.borrow(), [row(3), None, row(4), None]);
    let (key, value) = Documents::aside_row(&document(1), 4);
    assert_eq!(Documents::read_aside(&key, &value), Some((document(1), 4)));
    assert_eq!(Documents::read_aside(&key[1..], &value), None);
}
