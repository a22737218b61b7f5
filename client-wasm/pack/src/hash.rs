/// Two numbers as one: well spread, of no use against an attacker.
pub(crate) fn mix(a: u32, b: u32) -> u32 {
    let product = (a ^ b.wrapping_mul(0x85eb_ca6b)).wrapping_mul(0x9e37_79b1);
    product ^ (product >> 15)
}
