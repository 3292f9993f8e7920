using System.ComponentModel;
using System.Text.Json;
using Kappa.Log;
using Kappa.Views;
using Kappa.Web.Http;

namespace Kappa.Web.Api;

/// <summary>What views there are, their keys, and the state of one key.</summary>
public static class ViewsApi
{
    public static void MapViews(this IEndpointRouteBuilder api)
    {
        api.MapGet("/views", ListAsync).WithSummary("Lists the views, with how far each has folded the log")
            .Produces<object>(200, contentType: "application/json").WithTags("Views");
        api.MapGet("/views/{view}", KeysAsync).WithSummary("Lists the keys of a view; with ?key= reads one, as GET /views/{view}/{key} does")
            .Produces<object>(200, contentType: "application/json").ProducesProblem(400).ProducesProblem(404).WithTags("Views");
        api.MapGet("/views/{view}/{key}", ReadAsync).WithSummary("Reads the state of one key; with Accept: text/event-stream watches it")
            .WithDescription("ETag is the quoted token; If-None-Match gives 304. With at, the state is the fold of the key's events in that cut, however "
                + "long ago; the header Kappa-Cut names the cut, and reads of any keys and views at one cut belong together. A watch sends events named 'state' whose id is the token and resumes from Last-Event-ID.")
            .Produces<object>(200, contentType: "application/json", additionalContentTypes: "text/event-stream").Produces(304)
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(410).ProducesProblem(429).ProducesProblem(503).WithTags("Views");
    }

    private static async Task ListAsync(HttpContext context, IViews views)
    {
        var list = await views.ListAsync(context.RequestAborted);
        await JsonText.RespondAsync(context, list, static (json, list) =>
        {
            json.WriteStartObject();
            json.WriteStartArray("items"u8);
            foreach (var view in list)
                ViewInfoJson.Write(json, view);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static async Task KeysAsync(HttpContext context, IViews views, WatchApi watch, string view,
        [Description("Only keys that start with this")] string? prefix,
        [Description("How many at most: 100 by default, 1000 at most")] string? take,
        [Description("The 'next' of the page before")] string? after,
        [Description("Reads this key instead of listing; for keys that a path cannot hold, such as '..'")] string? key,
        [Description("With key: as in GET /views/{view}/{key}")] string? receipt,
        [Description("With key: as in GET /views/{view}/{key}")] string? wait,
        [Description("With key: as in GET /views/{view}/{key}")] string? at,
        [Description("With key, watching: as in GET /views/{view}/{key}")] string? token,
        [Description("With key, watching: as in GET /views/{view}/{key}")] string? mode)
    {
        if (key is not null)
        {
            Refuse("key", ("prefix", prefix), ("take", take), ("after", after));
            await ReadAsync(context, views, watch, view, key, receipt, wait, at, token, mode);
            return;
        }
        if ((receipt ?? wait ?? at ?? token ?? mode) is not null)
            throw Problem.BadRequest("key", "receipt, wait, at, token and mode need a key; without one this call lists keys.").AsException();
        var page = await views.KeysAsync(view, prefix ?? "", after, QueryText.Take(take), context.RequestAborted);
        await JsonText.RespondPageAsync(context, page.Items, page.Next, static (json, info) =>
        {
            json.WriteStartObject();
            json.WriteString("key"u8, info.Key);
            json.WriteNumber("version"u8, info.Version);
            JsonText.WriteTime(json, _time, info.Time);
            json.WriteEndObject();
        });
    }

    private static async Task ReadAsync(HttpContext context, IViews views, WatchApi watch, string view, string key,
        [Description("What an append returned: the answer then reflects that append")] string? receipt,
        [Description("How long to wait for the receipt (or for the view to reach 'at'), as in 5s or 500ms; 5s by default, 60s at most")] string? wait,
        [Description("The state as of a time of append, inclusive, as in 2011-05-31T10:12:00Z, or as of a cut, as in 0:13,3:1043")] string? at,
        [Description("Watching: where to resume, if Last-Event-ID is not sent")] string? token,
        [Description("Watching: 'latest' (default) for the newest state, 'every' for each version in order")] string? mode)
    {
        key = QueryText.Key(key);
        context.Response.Headers.Vary = "Accept";
        if (WatchApi.IsAskedFor(context.Request))
        {
            Refuse("a watch", ("receipt", receipt), ("wait", wait), ("at", at));
            await watch.WatchAsync(context, view, key, token, QueryText.Mode(mode));
            return;
        }
        Refuse("a read; send Accept: text/event-stream to watch", ("token", token), ("mode", mode));
        if (at is not null)
        {
            Refuse("at", ("receipt", receipt));
            await AsOfAnswer.RespondAsync(context, views, view, key, at, QueryText.Wait(wait));
            return;
        }
        var result = await views.ReadAsync(view, key, QueryText.Receipt(receipt), QueryText.Wait(wait), context.RequestAborted);
        await RespondAsync(context, result, view, key);
    }

    private static Task RespondAsync(HttpContext context, in ReadResult result, string view, string key)
    {
        switch (result)
        {
            case { Status: ReadStatus.Found, Envelope: { } envelope }:
                var tag = $"\"{envelope.Token}\"";
                context.Response.Headers.ETag = tag;
                context.Response.Headers.CacheControl = "no-cache";
                // A quarantine changes the answer, but not the token.
                if (envelope.Quarantined is null && Conditions.Matches(context.Request, tag))
                {
                    context.Response.StatusCode = StatusCodes.Status304NotModified;
                    return Task.CompletedTask;
                }
                return JsonText.RespondAsync(context, envelope, EnvelopeJson.Write);
            case { Status: ReadStatus.NotYet }:
                throw Problem.Unavailable("not-yet", "The view has not reached the receipt yet.",
                    "Ask again with the same receipt, or with a longer wait (60s at most); GET /views shows how far the view lags.").AsException();
            case { Status: ReadStatus.PastQuarantine }:
                var stopped = result.Envelope?.Quarantined;
                throw new Problem(StatusCodes.Status409Conflict, "quarantined", "This instance has stopped before the receipt.",
                    $"It is quarantined at {stopped?.Position.ToString() ?? "an earlier event"}: {stopped?.Reason ?? "see GET /quarantine"}. "
                    + "Read without the receipt for its last good state; after a fix, POST /quarantine/{view}/{key}/retry.").AsException();
            default:
                throw Problem.NotFound("unknown-key", $"View '{view}' has nothing for the key '{key}'.", "key").AsException();
        }
    }

    private static void Refuse(string what, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        foreach (var (name, value) in parameters)
            if (value is not null)
                throw Problem.BadRequest(name, $"{name} does not go with {what}; leave it out.").AsException();
    }

    private static readonly JsonEncodedText _time = JsonEncodedText.Encode("time");
}
