use super::*;

#[test]
fn a_summary_has_its_bytes_and_survives_them() {
    let (title, excerpt) = ("Monday".to_owned(), "We began late".to_owned());
    let (last_by, last_body) = (Some(ActorId([7; 16])), Some(BodyState::Before));
    let (present, day, last_ms) = (7, Some(300), Some(1_000));
    let summary =
        Summary { entries: 300, title, excerpt, present, day, hidden: true, last_ms, last_by, last_body, others: 2 };
    let bytes = summary.encode();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let author = "07".repeat(16);
    assert_eq!(hex, format!("02ac02064d6f6e6461790d576520626567616e206c6174650701e8070201{author}0401ac0201"));
    assert_eq!(Summary::decode(&bytes), Some(summary));
    assert_eq!(Summary::decode(&bytes[1..]), None);
}

#[test]
fn what_is_made_anew_is_written_once_and_what_waits_for_a_text_is_made_again() {
    let (mut lists, circle, document) = (Lists::default(), CircleId([1; 16]), DocumentId([2; 16]));
    let waiting = Summary { last_body: Some(BodyState::Missing), ..Summary::default() };
    lists.set(document, waiting.clone());
    let mut batch = Batch::default();
    lists.put_fresh(&circle, &mut batch);
    lists.put_fresh(&circle, &mut batch);
    assert_eq!((batch.puts.len(), &batch.puts[0].2), (1, &waiting.encode()));
    lists.forget_waiting();
    assert_eq!(lists.summary(&document), None);
}
