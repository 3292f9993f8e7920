using Kappa.Events;
using Kappa.Views;

namespace Kappa.Web.Http;

/// <summary>
/// An error as RFC 9457 has it. <paramref name="What"/> is stable and becomes the type <c>/problems/&lt;what&gt;</c>;
/// <paramref name="Detail"/> says what is wrong and what to do about it; <paramref name="Field"/> names what is at fault.
/// </summary>
public sealed record Problem(int Status, string What, string Title, string Detail, string? Field = null)
{
    /// <summary>In seconds; becomes <c>Retry-After</c>.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>True where the rest of the request will not be read, so that the connection cannot be used again.</summary>
    public bool EndsConnection { get; init; }

    /// <summary>What is wrong with each event that was refused.</summary>
    public IReadOnlyList<EventProblem> Errors { get; init; } = [];

    /// <summary>The rules of a gate that do not hold.</summary>
    public IReadOnlyList<GateRefusal> Refusals { get; init; } = [];

    public ProblemException AsException() => new(this);

    public static Problem BadRequest(string field, string detail) =>
        new(StatusCodes.Status400BadRequest, "bad-request", "The request is not valid.", detail, field);

    public static Problem InvalidEvents(IReadOnlyList<EventProblem> errors) =>
        new(StatusCodes.Status400BadRequest, "invalid-events", "Some events are not valid; none was appended.",
            "Each entry of 'errors' names an event by its index, its field and the reason; correct them and send the request again.")
        { Errors = errors };

    public static Problem TooLarge(string field, string detail) =>
        new(StatusCodes.Status413PayloadTooLarge, "too-large", "The request is too large; nothing was appended.", detail, field);

    public static Problem Overloaded(string what, string detail) =>
        new(StatusCodes.Status429TooManyRequests, what, "Too much at once.", detail) { RetryAfter = 1 };

    public static Problem Unavailable(string what, string title, string detail, int retryAfter = 1) =>
        new(StatusCodes.Status503ServiceUnavailable, what, title, detail) { RetryAfter = retryAfter };

    public static Problem NotFound(string what, string detail, string? field = null) =>
        new(StatusCodes.Status404NotFound, what, "There is no such thing.", detail, field);

    /// <summary>What to say of a status that came without a body.</summary>
    public static Problem OfStatus(int status) => status switch
    {
        404 => NotFound("unknown-route", "No call has this path; /openapi/v1.json lists all calls."),
        405 => new(405, "method-not-allowed", "The path does not take this method.", "The header 'Allow' lists the methods that it takes."),
        408 => new(408, "slow-request", "The request took too long to arrive.", "Send it again, in smaller parts if the line is slow."),
        413 => TooLarge("body", "The body is larger than this host takes; send fewer events at once."),
        415 => new(415, "unsupported-media-type", "The content type is not one that this call takes.", "See /openapi/v1.json for those that it takes."),
        >= 500 => new(status, "internal", "The host failed to serve this request.", "Its log says why. Try again; if it stays, report it with the time."),
        _ => new(status, "bad-request", "The request is not valid.", "See /openapi/v1.json for how to call this host."),
    };
}
