//! Body edits that are not yet a change, as they are kept so that a kill loses no word.

use crate::codec::{DecodeError, Reader, Writer};
use crate::document::{BODY_OPS_MAX, Block, BlockKind, BodyOp, Mark, NOTE_UNITS_MAX};

const VERSION: u8 = 1;
/// Most bytes of text in one edit.
const TEXT_BYTES_MAX: usize = NOTE_UNITS_MAX * 3;
const KINDS: [BlockKind; 4] = [BlockKind::Paragraph, BlockKind::Heading, BlockKind::Bullet, BlockKind::Todo];

pub(in crate::client) fn encode(ops: &[BodyOp]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.byte(VERSION).count(ops.len());
    for op in ops {
        match op {
            BodyOp::Splice { index, remove, text } => {
                writer.byte(0).count(*index).count(*remove).text(text);
            }
            BodyOp::Block { index, block } => write_block(writer.byte(1).count(*index), block),
            BodyOp::SetBlock { index, block } => write_block(writer.byte(2).count(*index), block),
            BodyOp::Mark { from, to, mark, on } => {
                let mark = u8::from(*mark == Mark::Em);
                writer.byte(3).count(*from).count(*to).byte(mark).flag(*on);
            }
        }
    }
    writer.into_bytes()
}

fn write_block(writer: &mut Writer, block: &Block) {
    let kind = KINDS.iter().position(|kind| *kind == block.kind).unwrap_or(0);
    writer.count(kind).byte(block.level).flag(block.checked);
}

pub(in crate::client) fn decode(bytes: &[u8]) -> Result<Vec<BodyOp>, DecodeError> {
    let mut reader = Reader::new(bytes);
    if reader.byte("draft version")? != VERSION {
        return Err(DecodeError::Invalid { what: "draft version" });
    }
    let count = reader.count(BODY_OPS_MAX, "draft edits")?;
    let ops = (0..count).map(|_| read_op(&mut reader)).collect::<Result<_, _>>()?;
    reader.finish("draft")?;
    Ok(ops)
}

fn read_op(reader: &mut Reader<'_>) -> Result<BodyOp, DecodeError> {
    let index = |reader: &mut Reader<'_>| reader.count(NOTE_UNITS_MAX, "draft index");
    Ok(match reader.byte("draft edit")? {
        0 => BodyOp::Splice {
            index: index(reader)?,
            remove: index(reader)?,
            text: reader.text(TEXT_BYTES_MAX, "draft text")?.to_owned(),
        },
        1 => BodyOp::Block { index: index(reader)?, block: read_block(reader)? },
        2 => BodyOp::SetBlock { index: index(reader)?, block: read_block(reader)? },
        3 => BodyOp::Mark {
            from: index(reader)?,
            to: index(reader)?,
            mark: if reader.flag("draft mark")? { Mark::Em } else { Mark::Strong },
            on: reader.flag("draft mark")?,
        },
        _ => return Err(DecodeError::Invalid { what: "draft edit" }),
    })
}

fn read_block(reader: &mut Reader<'_>) -> Result<Block, DecodeError> {
    let kind = reader.count(KINDS.len() - 1, "draft block")?;
    Ok(Block { kind: KINDS[kind], level: reader.byte("draft level")?, checked: reader.flag("draft check")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ops() -> Vec<BodyOp> {
        let block = Block { kind: BlockKind::Todo, level: 0, checked: true };
        vec![
            BodyOp::Splice { index: 3, remove: 2, text: "días 🌱".to_owned() },
            BodyOp::Block { index: 0, block },
            BodyOp::SetBlock { index: 0, block: Block { kind: BlockKind::Heading, level: 2, checked: false } },
            BodyOp::Mark { from: 1, to: 4, mark: Mark::Em, on: true },
        ]
    }

    #[test]
    fn a_draft_survives() {
        assert_eq!(decode(&encode(&ops())), Ok(ops()));
    }

    #[test]
    fn a_draft_has_its_bytes() {
        let hex: String = encode(&ops()).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "01040003020a64c3ad617320f09f8cb1010003000102000102000301040101");
    }

    #[test]
    fn a_damaged_draft_is_named() {
        assert!(decode(&[]).is_err());
        assert!(decode(&[1, 1, 9]).is_err());
        assert!(decode(&[2, 0]).is_err());
    }
}
