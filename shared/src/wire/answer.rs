use crate::codec::{DecodeError, Reader, Writer};
use crate::gate::Refusal;
use crate::ids::DocumentName;
use crate::ids::{CircleId, DocumentId, EntryId, StatementId};
use crate::time::TimestampMs;
use crate::trust::{ChainHead, MemberState, StatementProblem, WARRANT_BYTES_MAX};

use super::chains::{HeaderReader, HeaderWriter};
use super::stated::{read_records, write_records};
use super::{
    Ack, AnswerHeader, CIRCLES_MAX, CURSOR_BYTES_MAX, ChainState, CircleAnswer, LACKING_MAX, Lacking, PARTS_MAX,
    REFUSED_MAX, RefusedEntry, RefusedStatement, STATEMENTS_MAX,
};

impl AnswerHeader {
    pub(super) fn write(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        let mut header = HeaderWriter::new();
        header.body.number(self.time.0).count(self.circles.len());
        for circle in &self.circles {
            circle.write(&mut header);
        }
        header.finish(&mut writer);
        writer.into_bytes()
    }

    pub(super) fn read(content: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(content);
        let mut header = HeaderReader::new(&mut reader)?;
        let time = TimestampMs(header.body.number("answer time")?);
        let count = header.body.count(CIRCLES_MAX, "circles")?;
        let circles = (0..count).map(|_| CircleAnswer::read(&mut header)).collect::<Result<_, _>>()?;
        header.finish("answer")?;
        Ok(Self { time, circles })
    }
}

impl CircleAnswer {
    fn write(&self, header: &mut HeaderWriter) {
        header.body.raw(self.circle.as_bytes()).flag(self.resync).byte(self.state.code());
        header.body.byte(self.chain.code()).number(self.from);
        write_records(&self.records, &mut header.body);
        header.body.flag(self.head.is_some());
        if let Some(head) = &self.head {
            head.write(&mut header.body);
        }
        header.body.count(self.parts.len());
        self.parts.iter().for_each(|head| head.write(&mut header.body));
        header.body.count(self.lacking.len());
        self.lacking.iter().for_each(|lacking| lacking.write(&mut header.body));
        header.body.count(self.refused_statements.len());
        for refused in &self.refused_statements {
            header.body.raw(refused.statement.as_bytes()).byte(refused.problem.code());
        }
        header.body.bytes(&self.warrant);
        header.body.count(self.acks.len());
        for ack in &self.acks {
            ack.document.write(&mut header.body);
            header.chains(&ack.chains);
            header.body.raw(&ack.heads_digest).raw(&ack.clock_digest);
        }
        header.body.count(self.refused.len());
        for refused in &self.refused {
            header.body.raw(refused.document.as_bytes()).raw(refused.entry.as_bytes()).byte(refused.refusal.code());
        }
        header.body.count(self.missing.len());
        for (document, entry) in &self.missing {
            document.write(&mut header.body);
            header.body.raw(entry.as_bytes());
        }
        header.body.bytes(&self.cursor);
    }

    fn read(header: &mut HeaderReader<'_, '_>) -> Result<Self, DecodeError> {
        let circle = CircleId(header.body.array("circle id")?);
        Ok(Self {
            circle,
            resync: header.body.flag("resync")?,
            state: MemberState::from_code(header.body.byte("standing")?)
                .ok_or(DecodeError::Invalid { what: "standing" })?,
            chain: ChainState::from_code(header.body.byte("chain state")?)
                .ok_or(DecodeError::Invalid { what: "chain state" })?,
            from: header.body.number("first record")?,
            records: read_records(header.body)?,
            head: match header.body.flag("chain head")? {
                true => Some(ChainHead::read(circle, header.body)?),
                false => None,
            },
            parts: read_list(header, PARTS_MAX, "ends of parts", |header| ChainHead::read(circle, header.body))?,
            lacking: read_list(header, LACKING_MAX, "lacking records", |header| Lacking::read(header.body))?,
            refused_statements: read_list(header, STATEMENTS_MAX, "refused statements", |header| {
                Ok(RefusedStatement {
                    statement: StatementId(header.body.array("statement id")?),
                    problem: StatementProblem::from_code(header.body.byte("statement problem")?)
                        .ok_or(DecodeError::Invalid { what: "statement problem" })?,
                })
            })?,
            warrant: header.body.bytes(WARRANT_BYTES_MAX, "warrant")?.to_vec(),
            acks: header.documents(|document, header| {
                Ok(Ack {
                    document,
                    chains: header.chains()?,
                    heads_digest: header.body.array("heads digest")?,
                    clock_digest: header.body.array("clock digest")?,
                })
            })?,
            refused: read_list(header, REFUSED_MAX, "refused entries", |header| {
                Ok(RefusedEntry {
                    document: DocumentId(header.body.array("document id")?),
                    entry: EntryId(header.body.array("entry id")?),
                    refusal: Refusal::from_code(header.body.byte("refusal")?)
                        .ok_or(DecodeError::Invalid { what: "refusal" })?,
                })
            })?,
            missing: read_list(header, REFUSED_MAX, "missing entries", |header| {
                Ok((DocumentName::read(header.body)?, EntryId(header.body.array("entry id")?)))
            })?,
            cursor: header.body.bytes(CURSOR_BYTES_MAX, "cursor")?.to_vec(),
        })
    }
}

fn read_list<'r, 'a, T>(
    header: &mut HeaderReader<'r, 'a>,
    max: usize,
    what: &'static str,
    mut read: impl FnMut(&mut HeaderReader<'r, 'a>) -> Result<T, DecodeError>,
) -> Result<Vec<T>, DecodeError> {
    let count = header.body.count(max, what)?;
    (0..count).map(|_| read(header)).collect()
}
