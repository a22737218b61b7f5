use kith_tests::bench::{message_bytes, sync_idle};

/// A message of 100 characters, in bytes of body both ways.
const MESSAGE_BYTES_MAX: f64 = 1_000.0;
/// Asking "anything new?" in a circle with 50 notes, in bytes of body each way.
const CHECK_BYTES_MAX: f64 = 300.0;

/// Heads are each browser's own; what a server's answer says in its own is bounded in `routes/security.rs`.
#[test]
fn p13_a_message_and_a_question_cost_pennies() {
    let value = |measures: &[kith_tests::bench::Measure], name: &str| {
        measures.iter().find(|measure| measure.name == name).expect("it is measured").value
    };
    let message = message_bytes().unwrap();
    let alone = value(&message, "message.alone");
    assert!(alone <= MESSAGE_BYTES_MAX, "{alone} bytes");
    let check = sync_idle().unwrap();
    assert!(value(&check, "sync-idle.requests") <= 1.0);
    for way in ["sync-idle.up", "sync-idle.down"] {
        let bytes = value(&check, way);
        assert!(bytes <= CHECK_BYTES_MAX, "{way}: {bytes} bytes");
    }
}
