#[macro_use]
extern crate failure;
#[macro_use]
extern crate http_guest;

use failure::{Error, ResultExt};
use http_guest::{Request, RequestExt, Response, SendError};

#[derive(Debug, Fail)]
enum MyError {
    #[fail(display = "no number in {}", _0)]
    NoNumber(String),
    #[fail(display = "{} is too large", number)]
    TooLarge { number: u32 },
}

fn parse(path: &str) -> Result<u32, Error> {
    let text = path.trim_left_matches('/');
    let number: u32 = text.parse::<u32>().context(MyError::NoNumber(text.to_string()))?;
    ensure!(number != 13, "thirteen");
    if number > 100 {
        Err(MyError::TooLarge { number: number })?;
    }
    if number == 42 {
        return Err(format_err!("the answer {}", number));
    }
    Ok(number * 2)
}

#[allow(dead_code)]
fn upstream() -> Result<Vec<u8>, Error> {
    let req = Request::get("http://localhost:1/").body(Vec::new())?;
    let resp: Result<Response<Vec<u8>>, SendError> = req.send();
    Ok(resp?.into_body())
}

fn user_entrypoint(req: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    match parse(req.uri().path()) {
        Ok(number) => Response::new(format!("{}", number).into_bytes()),
        Err(e) => Response::builder()
            .status(400)
            .body(format!("error: {}", e).into_bytes())
            .unwrap(),
    }
}

guest_app!(user_entrypoint);
