use crate::codec::{DecodeError, Reader, Writer};

const VERSION: u8 = 1;
const TEXT_BYTES_MAX: usize = 8_192;

/// What lists show of a document without loading it; a cache, true while the document has as many entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Summary {
    /// The document's entries when this was made.
    pub entries: u64,
    pub title: String,
    pub excerpt: String,
    /// Note: how many were there.
    pub present: u32,
    /// Thread: when the last message was written.
    pub last_ms: Option<u64>,
    /// Thread: messages of others. Note: entries of others.
    pub others: u64,
}

impl Summary {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(VERSION).number(self.entries).text(&self.title).text(&self.excerpt);
        writer.number(self.present.into()).flag(self.last_ms.is_some());
        writer.number(self.last_ms.unwrap_or(0)).number(self.others);
        writer.into_bytes()
    }

    /// The summary, or `None` when it is damaged or of another version: then it is made anew.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        Self::read(bytes).ok()
    }

    fn read(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        if reader.byte("summary version")? != VERSION {
            return Err(DecodeError::Invalid { what: "summary version" });
        }
        let entries = reader.number("summary entries")?;
        let title = reader.text(TEXT_BYTES_MAX, "summary title")?.to_owned();
        let excerpt = reader.text(TEXT_BYTES_MAX, "summary excerpt")?.to_owned();
        let present = reader.number_as("summary presence")?;
        let has_last = reader.flag("summary time")?;
        let last_ms = reader.number("summary time")?;
        let others = reader.number("summary others")?;
        reader.finish("summary")?;
        Ok(Self { entries, title, excerpt, present, last_ms: has_last.then_some(last_ms), others })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_has_its_bytes_and_survives_them() {
        let (title, excerpt) = ("Monday".to_owned(), "We began late".to_owned());
        let summary = Summary { entries: 300, title, excerpt, present: 7, last_ms: Some(1_000), others: 2 };
        let bytes = summary.encode();
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "01ac02064d6f6e6461790d576520626567616e206c6174650701e80702");
        assert_eq!(Summary::decode(&bytes), Some(summary));
        assert_eq!(Summary::decode(&bytes[1..]), None);
    }
}
