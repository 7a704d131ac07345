//! Text to module: parsed, encoded, validated.

use crate::Outcome;
use crate::names_of_2018::{Renamed, rename};
use wasmparser::{Parser, Payload, Validator, WasmFeatures};
use wast::Wat;
use wast::core::{FuncKind, Module, ModuleField, ModuleKind};
use wast::lexer::Lexer;
use wast::parser::{self, ParseBuffer};
use wast::token::Span;

/// Where something is wrong: an offset into the text, if any, and what.
type Fault = (Option<usize>, String);

pub(crate) fn assemble(input: &[u8]) -> Outcome {
    let text = match std::str::from_utf8(input) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => return refused(Some((1, error.valid_up_to() + 1)), "the text is not UTF-8"),
    };
    let renamed = rename(text);
    match assembled(&renamed.text) {
        Ok(module) => Outcome::Done(module),
        Err((offset, message)) => refused(offset.map(|offset| location(text, &renamed, offset)), &message),
    }
}

fn assembled(text: &str) -> Result<Vec<u8>, Fault> {
    let mut lexer = Lexer::new(text);
    lexer.allow_confusing_unicode(true);
    let mut buffer = ParseBuffer::new_with_lexer(lexer).map_err(fault)?;
    buffer.track_instr_spans(true);
    let mut wat = parser::parse::<Wat>(&buffer).map_err(fault)?;
    let bytes = wat.encode().map_err(fault)?;
    let Wat::Module(module) = &wat else {
        return Err((Some(0), "components are not supported".to_owned()));
    };
    match Validator::new_with_features(WasmFeatures::all()).validate_all(&bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => Err((locate(module, &bytes, error.offset()), error.message().to_owned())),
    }
}

fn fault(error: wast::Error) -> Fault {
    (Some(error.span().offset()), error.message())
}

/// The text of the instruction at an offset into the module: the k-th operator of a body is the k-th
/// instruction of the text.
fn locate(module: &Module, bytes: &[u8], offset: usize) -> Option<usize> {
    let spans = function_spans(module);
    let bodies = Parser::new(0).parse_all(bytes).filter_map(|payload| match payload {
        Ok(Payload::CodeSectionEntry(body)) => Some(body),
        _ => None,
    });
    for (body, (start, instructions)) in bodies.zip(spans) {
        if !body.range().contains(&offset) && body.range().end != offset {
            continue;
        }
        let before = body.get_operators_reader().ok()?.into_iter_with_offsets();
        let index =
            before.take_while(|operator| operator.as_ref().is_ok_and(|(_, at)| *at <= offset)).count();
        let span = instructions.get(index.saturating_sub(1)).copied();
        return Some(span.unwrap_or(start).offset());
    }
    None
}

/// By function with a body: where it starts, and where its instructions do.
fn function_spans<'a>(module: &'a Module) -> Vec<(Span, &'a [Span])> {
    let ModuleKind::Text(fields) = &module.kind else { return Vec::new() };
    fields
        .iter()
        .filter_map(|field| match field {
            ModuleField::Func(func) => match &func.kind {
                FuncKind::Inline { expression, .. } => {
                    Some((func.span, expression.instr_spans.as_deref().unwrap_or_default()))
                }
                FuncKind::Import(..) => None,
            },
            _ => None,
        })
        .collect()
}

/// Line and column, from 1, of an offset into the renamed text.
fn location(text: &str, renamed: &Renamed, offset: usize) -> (usize, usize) {
    let offset = renamed.original(offset).min(text.len());
    let before = &text.as_bytes()[..offset];
    let line = before.iter().filter(|byte| **byte == b'\n').count();
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    (line + 1, String::from_utf8_lossy(&before[start..]).chars().count() + 1)
}

fn refused(location: Option<(usize, usize)>, message: &str) -> Outcome {
    let (line, column) = location.unwrap_or((0, 0));
    Outcome::Refused(format!("{line}:{column}:{message}"))
}
