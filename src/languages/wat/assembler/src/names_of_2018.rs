//! Instruction names of 2018 (`get_local`, `i32.wrap/i64`) as what they are called today.

use wast::lexer::{Lexer, TokenKind};

/// A text with today's names.
pub(crate) struct Renamed {
    pub(crate) text: String,
    /// By replacement: where it ends, in the new text and in the old.
    ends: Vec<(usize, usize)>,
}

impl Renamed {
    /// The offset into the old text.
    pub(crate) fn original(&self, offset: usize) -> usize {
        match self.ends.iter().rfind(|(end, _)| *end <= offset) {
            Some((new, old)) => old + (offset - new),
            None => offset,
        }
    }
}

/// Text that is not even made of tokens stays as it is: the parser says what is wrong with it.
pub(crate) fn rename(text: &str) -> Renamed {
    let mut renamed = Renamed { text: String::new(), ends: Vec::new() };
    let mut lexer = Lexer::new(text);
    lexer.allow_confusing_unicode(true);
    let mut copied = 0;
    for token in lexer.iter(0) {
        let Ok(token) = token else { break };
        if !matches!(token.kind, TokenKind::Keyword | TokenKind::Reserved) {
            continue;
        }
        if let Some(name) = todays(token.src(text)) {
            renamed.text.push_str(&text[copied..token.offset]);
            renamed.text.push_str(&name);
            copied = token.offset + token.src(text).len();
            renamed.ends.push((renamed.text.len(), copied));
        }
    }
    renamed.text.push_str(&text[copied..]);
    renamed
}

fn todays(name: &str) -> Option<String> {
    let simple = match name {
        "get_local" => "local.get",
        "set_local" => "local.set",
        "tee_local" => "local.tee",
        "get_global" => "global.get",
        "set_global" => "global.set",
        "grow_memory" => "memory.grow",
        "current_memory" => "memory.size",
        "anyfunc" => "funcref",
        _ => return conversion(name),
    };
    Some(simple.to_owned())
}

/// `i32.trunc_s/f64` is `i32.trunc_f64_s`, `i32.trunc_s:sat/f64` is `i32.trunc_sat_f64_s`, `f32.demote/f64`
/// is
/// `f32.demote_f64`.
fn conversion(name: &str) -> Option<String> {
    let (operation, from) = name.split_once('/')?;
    let (to, operation) = operation.split_once('.')?;
    if ![to, from].iter().all(|kind| ["i32", "i64", "f32", "f64"].contains(kind)) {
        return None;
    }
    let (operation, saturating) = match operation.strip_suffix(":sat") {
        Some(rest) => (rest, "_sat"),
        None => (operation, ""),
    };
    Some(match operation.rsplit_once('_') {
        Some((verb, sign)) => format!("{to}.{verb}{saturating}_{from}_{sign}"),
        None => format!("{to}.{operation}_{from}"),
    })
}
