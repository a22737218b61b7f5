use std::io::{self, Write};

/// Prints a line on standard output, at once.
pub(super) fn line(text: impl std::fmt::Display) -> io::Result<()> {
    let mut output = io::stdout().lock();
    writeln!(output, "{text}")?;
    output.flush()
}

/// Prints why a command failed.
pub(super) fn error(error: &dyn std::error::Error) {
    // There is nowhere else to say it.
    let _ = writeln!(io::stderr(), "kith-server: {error}");
}
