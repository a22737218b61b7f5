use super::*;

#[test]
fn what_is_lacking_survives_its_bytes_and_is_said_by_its_first_cause() {
    let (circle, document) = (CircleId([1; 16]), DocumentId([2; 16]));
    let refused = |refusal| RefusedEntry { document, entry: crate::ids::EntryId([3; 32]), refusal };
    let (mut local, mut batch) = (LocalCircle::default(), Batch::default());
    let both = [refused(Refusal::MissingDependency), refused(Refusal::BadSignature), refused(Refusal::SeqGap)];
    local.note_lacking(&circle, &both, &mut batch);
    let lacking = local.lacking[&document];
    assert_eq!(lacking, Lacking { refusal: Refusal::BadSignature, entries: 3 });
    assert_eq!(Lacking::decode(&batch.puts[0].2), Some(lacking));
    assert!(lacking.problem().count == Some(3), "{:?}", lacking.problem());
    local.forget_lacking(&circle, &mut batch);
    assert!(local.lacking.is_empty());
    assert_eq!(batch.deletes, [(Tree::Meta, batch.puts[0].1.clone())]);
}
