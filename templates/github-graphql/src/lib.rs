//! The repositories of a GitHub account, by a query whose types are derived from query and schema.

mod page;

use graphql_client::{GraphQLQuery, Response as Answer};
use http_guest::{guest_app, header, Request, RequestExt, Response};

const API: &str = "https://api.github.com/graphql";
const TOKEN: &str = "put-your-token-here";
const SHOWN: i64 = 12;

/// The schema's scalar of that name.
#[expect(clippy::upper_case_acronyms)]
type URI = String;

#[derive(GraphQLQuery)]
#[graphql(schema_path = "src/schema.graphql", query_path = "src/repositories.graphql")]
pub struct Repositories;

fn repositories_of(request: &Request<Vec<u8>>) -> Response<String> {
    let login = request.uri().path().trim_matches('/');
    if login.is_empty() {
        return html(200, page::start());
    }
    match ask(login) {
        Ok(Some(owner)) => html(200, page::list(&owner)),
        Ok(None) => html(404, page::failure("There is no such account")),
        Err(reason) => html(502, page::failure(&reason)),
    }
}

/// The account with its repositories, or none.
fn ask(login: &str) -> Result<Option<repositories::RepositoriesRepositoryOwner>, String> {
    let query = Repositories::build_query(repositories::Variables { login: login.to_owned(), first: SHOWN });
    let response = Request::post(API)
        .header(header::AUTHORIZATION, format!("bearer {TOKEN}"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(serde_json::to_vec(&query).map_err(|error| error.to_string())?)
        .map_err(|error| error.to_string())?
        .send()
        .map_err(|error| error.to_string())?;
    if !response.status().is_success() {
        return Err(format!("GitHub answered {}", response.status()));
    }
    let answer: Answer<repositories::ResponseData> = serde_json::from_slice(response.body())
        .map_err(|error| format!("GitHub's answer cannot be read: {error}"))?;
    match (answer.data, answer.errors) {
        (Some(data), _) => Ok(data.repository_owner),
        (None, Some(errors)) => {
            Err(errors.into_iter().map(|error| error.message).collect::<Vec<_>>().join("; "))
        }
        (None, None) => Err("GitHub's answer is empty".to_owned()),
    }
}

fn html(status: u16, body: String) -> Response<String> {
    let response =
        Response::builder().status(status).header(header::CONTENT_TYPE, "text/html; charset=utf-8");
    response.body(body).expect("status and header are valid")
}

guest_app!(repositories_of);
