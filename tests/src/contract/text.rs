//! Lines as Prettier leaves them, so that what is written passes the web's own lint.

/// Columns of a line, with a tab for two.
const WIDTH: usize = 110;
/// Columns of a comment's text.
const DOCS_WIDTH: usize = 100;

/// Whether a line with so many tabs before it stays one line.
pub(super) fn fits(tabs: usize, line: &str) -> bool {
    tabs * 2 + line.chars().count() <= WIDTH
}

/// A doc comment, or nothing; each line with these tabs before it.
pub(super) fn comment(docs: &str, tabs: usize) -> String {
    let indent = "\t".repeat(tabs);
    let lines = wrapped(&linked(docs));
    match lines.as_slice() {
        [] => String::new(),
        [line] if fits(tabs, &format!("/** {line} */")) => format!("{indent}/** {line} */\n"),
        lines => {
            let lines: String =
                lines.iter().map(|line| format!("{indent} * {line}").trim_end().to_owned() + "\n").collect();
            format!("{indent}/**\n{lines}{indent} */\n")
        }
    }
}

/// Paragraphs and points filled anew.
fn wrapped(docs: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in docs.trim().lines() {
        let begins = lines.last().is_none_or(String::is_empty) || line.is_empty() || line.starts_with("- ");
        if begins {
            lines.push(String::new());
        }
        let is_point = line.starts_with("- ") || lines.last().is_some_and(|last| last.starts_with("- "));
        for word in line.split_whitespace() {
            let last = lines.last_mut().filter(|last| last.chars().count() + 1 + word.chars().count() <= DOCS_WIDTH);
            match last {
                Some(last) if last.is_empty() => last.push_str(word),
                Some(last) => {
                    last.push(' ');
                    last.push_str(word);
                }
                None if is_point => lines.push(format!("  {word}")),
                None => lines.push(word.to_owned()),
            }
        }
    }
    lines
}

/// Links within Rust as TypeScript's names: `` [`Self::SetThread`] `` is `` `setThread` ``.
fn linked(docs: &str) -> String {
    let mut parts = docs.split("[`");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (path, rest) = part.split_once("`]").unwrap_or((part, ""));
        let name = path.rsplit("::").next().unwrap_or(path);
        let first = name.chars().next().unwrap_or_default().to_ascii_lowercase();
        let lowered: String = std::iter::once(first).chain(name.chars().skip(1)).collect();
        text.push_str(&format!("`{}`{rest}", if path.contains("::") { lowered } else { name.to_owned() }));
    }
    text
}
