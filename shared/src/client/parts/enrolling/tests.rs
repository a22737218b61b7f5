use super::*;
use crate::time::TimestampMs;
use crate::wire::Stated;

fn frame(from: u64, records: usize, bytes: usize) -> AnswerHeader {
    let text = GivenText::Given(Stated { statement: vec![0; bytes], attachment: Vec::new() });
    let record = GivenRecord { time: TimestampMs(0), fold: 1, text };
    let circle = CircleAnswer { from, records: vec![record; records], ..CircleAnswer::of(CircleId([1; 16])) };
    AnswerHeader { time: TimestampMs(0), circles: vec![circle] }
}

#[test]
fn an_answer_holds_no_more_than_a_chain_does() {
    const FRAME_RECORDS: usize = 4_096;
    let records_max = usize::try_from(CHAIN_RECORDS_MAX).unwrap();
    for (bytes, most) in [(1, records_max), (4_000, ENROL_BYTES_MAX / 4_000)] {
        let way = Way::Paper { paper: DeviceSecret::from_seed([1; 32]) };
        let mut enrolling = Enrolling::new(CommandId(1), way);
        (0..20).for_each(|n| enrolling.hear(frame(n * FRAME_RECORDS as u64 + 1, FRAME_RECORDS, bytes)));
        let heard = enrolling.heard();
        let whole_frames = most / FRAME_RECORDS * FRAME_RECORDS;
        assert_eq!((heard.len(), heard[0].records.len()), (1, whole_frames), "of {bytes} bytes each");
    }
}

#[test]
fn a_part_that_does_not_go_on_is_left_out() {
    let way = Way::Paper { paper: DeviceSecret::from_seed([1; 32]) };
    let mut enrolling = Enrolling::new(CommandId(1), way);
    for from in [1, 3, 12] {
        enrolling.hear(frame(from, 2, 10));
    }
    assert_eq!(enrolling.heard()[0].records.len(), 4);
}
