//! The bytes of Kith's own forms. A change here is a change of docs/TRUST.md, and of what phones have stored.

use crate::ids::{ActorId, CircleId, DocumentId, MemberId, tagged_hash};
use crate::trust::{DeviceSecret, KeyGroup};

use super::testing::{body_place, committed, entry_place, hex, key, opened, salted, sealed, to_hex};
use super::*;

// Which bytes DEFLATE yields is no part of a form: what was deflated is opened, and only the rest is sealed again.

#[test]
fn a_body_has_its_bytes() {
    let short = "02050505052f3fe5d7956d8a56251fb4de09683f7ff57c9d10b5794d6d01511c46ec8e7b76230531b3";
    assert_eq!(to_hex(&sealed("ok").unwrap()), short);
    assert_eq!(opened("ok", &hex(short)).as_deref(), Ok("ok"));
    let deflated =
        hex("020505050544d280d1197adb7b835e138aeeef54ec24e2b09c5b89861b74a3c034c3a616e5a99811e90a0327716365b1d2c992");
    let text = "Thank you. I was thinking of you on Thursday.";
    assert_eq!(opened(text, &deflated).as_deref(), Ok(text));
    let commitment = committed(&body_place(), &salted("ok"));
    assert_eq!(commitment.to_string(), "ea95bfcb05580a8e632a690eb84a6403f1a29eec25ab01b365ff6682f8f5028c");
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
    let id = key().id(&CircleId([1; 16]), &KeyGroup::Facilitators);
    assert_eq!(id.to_string(), "1bded6672f6eb85b147aa2783d9fd86d2104e02d0c8c6ce39fc5f56479ede8d2");
    assert_eq!(
        to_hex(&EpochKey::from_entropy([1; 32]).0),
        "d95e8e2df5b2547bcc1cba1292c11e9cf9d83b69520152a1f53ba04df29e7c60"
    );
}

#[test]
fn a_box_has_its_bytes() {
    let keys = [(KeyGroup::Alone(MemberId([1; 16])), key())];
    let sealed = seal_box(&[4; 32], &CircleId([1; 16]), &[5; 32], &keys).unwrap();
    assert_eq!(
        to_hex(&sealed),
        "6f7acf5bbd929ae01bc784adc3ae1e03ef8a6994d4ffe2ba7dac49f2292817df0c806fa66fed6dd506bc44389bc4774580fa06999d0f0fafe7836181b106047b42e8"
    );
    let device = DeviceSecret::from_seed([1; 32]);
    let sealed = seal_keys(&keys, &CircleId([1; 16]), device.public(), [3; 32]).unwrap();
    assert_eq!(
        to_hex(&sealed),
        "90ab790ecbf0704232ffe9436faeccc913b66a60e99c688a40bba4d5e2e6145097a40915edac04829ea4f05c7a74e8abaa14ae2c8d8594bf9fb5773a377f2c6bef72d66d2f806239d9b08a1132356561e36a6f82ef01b5e668aba344b99e6feac49b"
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

#[test]
fn an_organisations_wrap_has_its_bytes() {
    let (circle, secret) = (CircleId([7; 16]), SealingSecret([3; 32]));
    let (group, key) = (KeyGroup::Reports(MemberId([9; 16])), EpochKey([5; 32]));
    let wrap = wrap_for_organisation(&key, &circle, &secret.public(), [4; 32]).unwrap();
    assert_eq!(
        to_hex(&wrap),
        "008d4fd6c00663955bf73dc152fe43bcf13c97453924872458a229f46c808012a5ff78860c81bc8e3a613bcfa98b5b6f\
         8de13099cdd85f0e40eb247b79ceecbc86510e33b6508bbdd7d46b04860572f2"
    );
    let opened = unwrap_for_organisation(&secret, &circle, &wrap, &group, &key.id(&circle, &group)).unwrap();
    assert_eq!(opened.0, key.0);
}
