const std = @import("std");

extern "env" fn hostcall_req_get_method(text: *?[*]u8, len: *usize, request: i32) void;
extern "env" fn hostcall_req_get_path(text: *?[*]u8, len: *usize, request: i32) void;
extern "env" fn hostcall_req_get_body(text: *?[*]u8, len: *usize, request: i32) void;
extern "env" fn hostcall_resp_set_body(response: i32, text: [*]const u8, len: usize) i32;

// A run is short and fresh: memory is handed out once and never comes back.
var memory: [256 * 1024]u8 align(16) = undefined;
var used: usize = 0;

fn take(size: usize) ?[*]u8 {
    const start = used;
    if (size > memory.len - start) return null;
    used = std.mem.alignForward(usize, start + size, 16);
    return memory[start..].ptr;
}

// The host allocates through these two.
export fn malloc(size: usize) ?[*]u8 {
    return take(size);
}

export fn free(_: ?[*]u8) void {}

fn read(comptime call: anytype) []const u8 {
    var text: ?[*]u8 = null;
    var len: usize = 0;
    call(&text, &len, 0);
    return if (text) |start| start[0..len] else "";
}

export fn run() void {
    var body: [1024]u8 = undefined;
    const answer = std.fmt.bufPrint(&body, "Zig: {s} {s} {s}\n", .{
        read(hostcall_req_get_method),
        read(hostcall_req_get_path),
        read(hostcall_req_get_body),
    }) catch "Zig: too long\n";
    _ = hostcall_resp_set_body(0, answer.ptr, answer.len);
}
