//! The pages.

use crate::repositories::RepositoriesRepositoryOwner as Owner;
use maud::{html, Markup, DOCTYPE};

const STYLE: &str = "body{font:17px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem}\
:root{color-scheme:light dark}\
    li{margin-bottom:.75rem}.stars{opacity:.7}";

/// An account's repositories, most stars first.
pub fn list(owner: &Owner) -> String {
    let repositories = owner.repositories.nodes.iter().flatten().flatten();
    frame(
        &owner.login,
        html! {
            h1 { a href=(owner.url) { (owner.login) } }
            p { (owner.repositories.total_count) " repositories; those with most stars:" }
            ol {
                @for repository in repositories {
                    li {
                        a href=(repository.url) { (repository.name) } " "
                        span.stars { "★ " (repository.stargazer_count) }
                        @if let Some(description) = &repository.description { br; (description) }
                    }
                }
            }
        },
    )
}

/// Says what to ask for.
pub fn start() -> String {
    frame(
        "GitHub by GraphQL",
        html! {
            h1 { "Whose repositories?" }
            p { "Ask for " a href="/rust-lang" { "/rust-lang" } ", or any account." }
        },
    )
}

/// Says what went wrong.
pub fn failure(reason: &str) -> String {
    frame("No answer", html! { h1 { "No answer" } p { (reason) } })
}

fn frame(title: &str, content: Markup) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { (title) }
                style { (STYLE) }
            }
            body { (content) }
        }
    }
    .into_string()
}
