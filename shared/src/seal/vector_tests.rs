//! The primitives give what their RFCs say, with the settings that Kith uses them with.

use argon2::{Algorithm, Argon2, ParamsBuilder, Version};
use ed25519_dalek::{Signer, SigningKey, Verifier};

use super::content::padded_len;
use super::testing::{array, hex, to_hex};
use super::{aead, hpke, pin_key};

/// RFC 9180's vectors (test-vectors.json beside it), mode 0, KEM 0x20, KDF 1, AEAD 2, its first encryption.
#[test]
fn hpke_is_that_of_rfc_9180() {
    let public = array("430f4b9859665145a6b1ba274024487bd66f03a2dd577d7753c68d7d7d00c00c");
    let secret = array("497b4502664cfea5d5af0b39934dac72242a74f8480451e1aee7d6a53320333d");
    let entropy = array("2cd7c601cefb3d42a62b04b7a9041494c06c7843818e0ce28a8f704ae7ab20f9");
    let (info, associated) = (hex("4f6465206f6e2061204772656369616e2055726e"), hex("436f756e742d30"));
    let content = hex("4265617574792069732074727574682c20747275746820626561757479");
    let (enc, sealed) = hpke::seal(&public, &info, &associated, &content, entropy).unwrap();
    assert_eq!(to_hex(&enc), "6c93e09869df3402d7bf231bf540fadd35cd56be14f97178f0954db94b7fc256");
    assert_eq!(
        to_hex(&sealed),
        "e5d84cd531cfb583096e7cfa9641bd3079cf3a91cda813c52deb5f512be9931980a41de125a925cdad859d5b7a"
    );
    assert_eq!(hpke::open(&secret, &enc, &info, &associated, &sealed), Some(content));
    assert_eq!(hpke::open(&secret, &enc, &info, b"Count-1", &sealed), None);
    assert_eq!(hpke::open(&secret, &enc, b"another", &associated, &sealed), None);
}

/// RFC 8452, appendices C.2 and C.3: key, nonce, associated data, plaintext, result.
const AES_256_GCM_SIV: [[&str; 5]; 6] = [
    [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "030000000000000000000000",
        "",
        "",
        "07f5f4169bbf55a8400cd47ea6fd400f",
    ],
    [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "030000000000000000000000",
        "01",
        "0200000000000000",
        "1de22967237a813291213f267e3b452f02d01ae33e4ec854",
    ],
    [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "030000000000000000000000",
        "01",
        "020000000000000000000000000000000300000000000000000000000000000004000000000000000000000000000000",
        "c67a1f0f567a5198aa1fcc8e3f21314336f7f51ca8b1af61feac35a86416fa47fbca3b5f749cdf564527f2314f42fe25\
         03332742b228c647173616cfd44c54eb",
    ],
    [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "030000000000000000000000",
        "010000000000000000000000000000000200",
        "0300000000000000000000000000000004000000",
        "43dd0163cdb48f9fe3212bf61b201976067f342bb879ad976d8242acc188ab59cabfe307",
    ],
    [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "000000000000000000000000",
        "",
        "000000000000000000000000000000004db923dc793ee6497c76dcc03a98e108",
        "f3f80f2cf0cb2dd9c5984fcda908456cc537703b5ba70324a6793a7bf218d3eaffffffff000000000000000000000000",
    ],
    [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "000000000000000000000000",
        "",
        "eb3640277c7ffd1303c7a542d02d3e4c0000000000000000",
        "18ce4f0b8cb4d0cac65fea8f79257b20888e53e72299e56dffffffff000000000000000000000000",
    ],
];

#[test]
fn aes_gcm_siv_is_that_of_rfc_8452() {
    for [key, nonce, associated, content, result] in AES_256_GCM_SIV {
        let (key, nonce, associated) = (array(key), array(nonce), hex(associated));
        let mut sealed = hex(content);
        aead::seal_behind(&key, &nonce, &associated, 0, &mut sealed).unwrap();
        assert_eq!(to_hex(&sealed), result);
        assert_eq!(aead::open(&key, &nonce, &associated, &sealed), Ok(hex(content)));
    }
}

/// RFC 9106, section 5.3. It has four lanes, a secret and associated data, where Kith has one and none.
#[test]
fn argon2id_is_that_of_rfc_9106() {
    let mut params = ParamsBuilder::new();
    params.m_cost(32).t_cost(3).p_cost(4).data(argon2::AssociatedData::new(&[4; 12]).unwrap());
    let params = params.build().unwrap();
    let mut memory = vec![argon2::Block::default(); params.block_count()];
    let mut key = [0; 32];
    Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params)
        .unwrap()
        .hash_password_into_with_memory(&[1; 32], &[2; 16], &mut key, &mut memory)
        .unwrap();
    assert_eq!(to_hex(&key), "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
}

/// What the reference implementation's program gives for Kith's settings.
#[test]
fn a_pin_gives_the_key_that_other_argon2id_gives() {
    let key = pin_key(b"123456", b"sixteen bytes ok", 19 * 1024, 2).unwrap();
    assert_eq!(to_hex(&key), "b3f5ef64c7019c2755e11cef2bc21a93a597ea58f98903624442a1a9303e1522");
}

/// RFC 8032, section 7.1, test 2.
#[test]
fn ed25519_is_that_of_rfc_8032() {
    let secret = SigningKey::from_bytes(&array("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
    let public = secret.verifying_key();
    assert_eq!(to_hex(public.as_bytes()), "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    let signature = secret.sign(&[0x72]);
    assert_eq!(
        to_hex(&signature.to_bytes()),
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
         085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    );
    assert!(public.verify(&[0x72], &signature).is_ok());
}

/// The paper's formula, by its own steps.
#[test]
fn padding_is_padme_for_every_length() {
    for len in 2..20_000_usize {
        let exponent = len.ilog2();
        let mantissa = exponent.ilog2() + 1;
        let mask = (1_usize << (exponent - mantissa)) - 1;
        assert_eq!(padded_len(len), (len + mask) & !mask);
        assert!((padded_len(len) - len) * 100 <= len * 12, "{len}");
        assert_eq!(padded_len(padded_len(len)), padded_len(len));
    }
}
