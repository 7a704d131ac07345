#[macro_use]
extern crate graphql_client;
#[macro_use]
extern crate http_guest;
extern crate serde;
#[macro_use]
extern crate serde_derive;
extern crate serde_json;

use graphql_client::{GraphQLQuery, Response as GraphQLResponse};
use http_guest::{Request, Response};

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "src/schema.graphql",
    query_path = "src/query.graphql",
    response_derives = "Debug"
)]
struct ZooQuery;

fn user_entrypoint(req: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    if req.method() == "GET" {
        let query = ZooQuery::build_query(zoo_query::Variables {
            name: "Berlin".to_string(),
        });
        return Response::new(serde_json::to_vec(&query.variables).unwrap());
    }
    let answer: GraphQLResponse<zoo_query::ResponseData> = serde_json::from_slice(req.body()).unwrap();
    let zoo = answer.data.unwrap().zoo.unwrap();
    let names: Vec<String> = zoo
        .animals
        .iter()
        .map(|a| format!("{}:{}", a.name, a.legs.unwrap_or(0)))
        .collect();
    Response::new(format!("{} {}", zoo.name, names.join(",")).into_bytes())
}

guest_app!(user_entrypoint);
