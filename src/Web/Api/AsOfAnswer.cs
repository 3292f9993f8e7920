using System.Globalization;
using System.Text.Json;
using Kappa.Log;
using Kappa.Views;
using Kappa.Web.Http;

namespace Kappa.Web.Api;

/// <summary>Answers reads of one key as of a time or a cut.</summary>
internal static class AsOfAnswer
{
    /// <summary>The header that tells the cut an answer is of: for a time, what it came to in this log.</summary>
    public const string CutHeader = "Kappa-Cut";

    public static async Task RespondAsync(HttpContext context, IViews views, string view, string key, string at, TimeSpan wait)
    {
        var moment = AsOf.Parse(at, out var problem) ?? throw Problem.BadRequest("at", problem).AsException();
        var result = await views.ReadAtAsync(view, key, moment, wait, context.RequestAborted);
        switch (result)
        {
            case { Status: ReadStatus.Found, Envelope: { } envelope }:
                await RespondAsync(context, envelope, result.Cut!);
                return;
            case { Status: ReadStatus.NotYet }:
                throw Problem.Unavailable("not-yet", "The view has not reached that moment yet.",
                    "Ask again, or with a longer wait (60s at most); GET /views shows how far the view lags.").AsException();
            case { Status: ReadStatus.PastQuarantine }:
                var stopped = result.Envelope?.Quarantined;
                throw new Problem(StatusCodes.Status409Conflict, "quarantined", "This instance had stopped before that moment.",
                    $"It is quarantined at {stopped?.Position.ToString() ?? "an earlier event"}: {stopped?.Reason ?? "see GET /quarantine"}. "
                    + "Read as of an earlier moment, or without at for its last good state; after a fix, POST /quarantine/{view}/{key}/retry.", "at").AsException();
            default:
                throw Problem.NotFound("unknown-key", $"View '{view}' had nothing for the key '{key}' as of {(at.Length < 100 ? at : "that cut")}.", "key").AsException();
        }
    }

    /// <summary>
    /// The tag is of the answer's own bytes: a cut has one answer, but for another version of the view, or an event that was held
    /// then and took its place since. So a copy may be kept, and is asked about before it is used.
    /// </summary>
    private static Task RespondAsync(HttpContext context, ViewEnvelope envelope, Cut cut)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body, JsonText.Options))
            EnvelopeJson.Write(json, envelope);
        var bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
        var tag = string.Create(CultureInfo.InvariantCulture, $"\"at-{StableHash.Of(bytes.Span):x16}\"");
        var response = context.Response;
        response.Headers.ETag = tag;
        response.Headers.CacheControl = "no-cache";
        response.Headers[CutHeader] = CutText.Of(cut);
        if (Conditions.Matches(context.Request, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        response.ContentType = "application/json";
        response.ContentLength = bytes.Length;
        return response.BodyWriter.WriteAsync(bytes, context.RequestAborted).AsTask();
    }
}
