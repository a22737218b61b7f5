//! The bytes of Kith's own forms. A change here is a change of docs/TRUST.md, and of what phones have stored.

use crate::ids::{ActorId, CircleId, DocumentId, tagged_hash};
use crate::trust::DeviceSecret;

use super::testing::{body_place, entry_place, hex, key, to_hex};
use super::*;

// Which bytes DEFLATE yields is no part of a form: what was deflated is opened, and only the rest is sealed again.

#[test]
fn a_body_has_its_bytes() {
    let short = "01050505052e40af5d59f46dcad30af74db923201a5a8a182a";
    assert_eq!(to_hex(&seal_body(&key(), &body_place(), "ok").unwrap()), short);
    assert_eq!(open_body(&key(), &body_place(), &hex(short)).as_deref(), Ok("ok"));
    let deflated = hex("010505050547ec08170fcf97734b4721fafbda1c7ffd84f3081264c716e12b26b722d0");
    let text = "Thank you. I was thinking of you on Thursday.";
    assert_eq!(open_body(&key(), &body_place(), &deflated).as_deref(), Ok(text));
}

#[test]
fn a_sealed_entry_has_its_bytes_and_id() {
    let bytes = seal_entry(&key(), &entry_place(), &[vec![1, 2, 3], vec![4, 5]]).unwrap();
    assert_eq!(
        to_hex(&bytes),
        "020505050500ac0202060606060606060606060606060606060606060606060606060606060606060607070707070707070707070707070707070707070707070707070707070707071a8cb16f5ee749e0c32730ca866d007ae1067f09da3f6eb78be27a"
    );
    let id = sealed_entry_id(&DocumentId([2; 16]), &ActorId([8; 16]), &bytes);
    assert_eq!(id.to_string(), "bcd76cc0192b949b1c046a91d262f36150d4fb163d7508edd4757d56c6b8d955");
    let deflated = hex(
        "020505050500ac0202060606060606060606060606060606060606060606060606060606060606060607070707070707070707070707070707070707070707070707070707070707\
         072211f2c8f5407ad578dbc5d07e277f6a257d8ea15fa2923a6edbf104cb6fa21be2f0df",
    );
    let entry = SealedEntry::parse(&deflated).unwrap();
    let changes = vec![b"one change".to_vec(), b"another change".to_vec()];
    assert_eq!(open_entry(&key(), &entry_place(), &entry), Ok(changes));
}

#[test]
fn a_wrap_has_its_bytes() {
    let device = DeviceSecret::from_seed([1; 32]);
    let wrapped = wrap(&key(), &CircleId([1; 16]), device.public(), [3; 32]).unwrap();
    assert_eq!(
        to_hex(&wrapped),
        "90ab790ecbf0704232ffe9436faeccc913b66a60e99c688a40bba4d5e2e61450857c11f13a35ac161f7cbace6710b4bd\
         427951f3affb58e86c8aa76de3b635b24c7500b490b8de945b026104606a5b62"
    );
    assert_eq!(to_hex(&key().check()), "6415de55f414e6aa3acb15df826041382cae635e87a9d1006e3631c6a8c976ae");
    assert_eq!(
        to_hex(&EpochKey::from_entropy([1; 32]).0),
        "d95e8e2df5b2547bcc1cba1292c11e9cf9d83b69520152a1f53ba04df29e7c60"
    );
}

#[test]
fn a_box_has_its_bytes() {
    let keys = [(EpochId([1; 32]), key())];
    let sealed = seal_box(&[4; 32], &CircleId([1; 16]), &[5; 32], &keys).unwrap();
    assert_eq!(
        to_hex(&sealed),
        "4390075c8523c0f99d27429152cec7ba93e6a0cbf7d0854fe3b28b69303550275aeccafc257134a20c4e4548d0010b31\
         680ad49a20ec92bed6eb3c96113d1b9e002e1e2927814817040c144d587a45f79c"
    );
}

#[test]
fn what_is_at_rest_has_its_bytes() {
    let store = AtRestKey::new([7; 32]);
    assert_eq!(to_hex(&store.seal(3, b"key", b"value")), "0173db0a2c6f8ae5052deeee92d69cb5059d0ff7739a");
    assert_eq!(
        to_hex(&store.wrap_under(&AtRestKey::new([8; 32]), b"pin")),
        "0116bff7c0b9f09c3ab8abb587599aa5f4eeef7aa2b2b7db08c6f76439c51b0728d531a1a853d4ac920fc5bc35131d96cf"
    );
    assert_eq!(to_hex(&store.key_id()), "d14dd4eedb3712f3");
}

#[test]
fn words_have_their_indices() {
    assert_eq!(words(&[b"ana", b"ben"]), [204, 115, 176, 88, 224, 82]);
}

#[test]
fn the_dictionary_is_the_one_that_bodies_were_deflated_with() {
    assert_eq!(
        to_hex(&tagged_hash("dictionary", &[dictionary::DICTIONARY])),
        "08ab5a7fe3b204c084eda02f64e20a92e32a547232aedce03b2565b5d8005590"
    );
}
