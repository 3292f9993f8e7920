using System.Buffers;
using System.ComponentModel;
using System.Text.Json;
using Kappa.Views;
using Kappa.Web.Http;

namespace Kappa.Web.Api;

/// <summary>What differs between a build that is ready and the one that serves: by pages, or all of it as one stream.</summary>
public static class RebuildDiffApi
{
    private const string Lines = "application/x-ndjson";

    public static void MapRebuildDiff(this IEndpointRouteBuilder api) =>
        api.MapGet("/rebuilds/{id}/diff", DiffAsync).WithSummary("Compares a build that is ready with the one that serves, both at one cut, exactly")
            .WithDescription("With Accept: application/x-ndjson the whole diff is streamed: a line with the sums, then one for each key that differs. "
                + "A value that is absent on one side has no member for it.")
            .Produces<object>(200, contentType: "application/json", additionalContentTypes: Lines)
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).WithTags("Rebuilds");

    private static async Task DiffAsync(HttpContext context, IRebuilds rebuilds, string id,
        [Description("How many keys at most: 100 by default, 1000 at most")] string? take,
        [Description("The 'next' of the page before")] string? after)
    {
        context.Response.Headers.Vary = "Accept";
        if (!context.Request.Headers.Accept.Any(accept => accept?.Contains(Lines, StringComparison.OrdinalIgnoreCase) == true))
        {
            await RespondPageAsync(context, await rebuilds.DiffAsync(id, after, QueryText.Take(take), context.RequestAborted));
            return;
        }
        if ((take ?? after) is not null)
            throw Problem.BadRequest(take is null ? "after" : "take", $"{Lines} streams all of the diff; leave take and after out.").AsException();
        await StreamAsync(context, rebuilds, id);
    }

    private static async Task RespondPageAsync(HttpContext context, DiffPage page)
    {
        context.Response.ContentType = "application/json";
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter, JsonText.Options))
        {
            json.WriteStartObject();
            RebuildJson.WriteMembers(json, page.Summary);
            json.WriteStartArray("items"u8);
            foreach (var item in page.Items)
            {
                RebuildJson.Write(json, item);
                await JsonText.FlushIfLargeAsync(context, json);
            }
            json.WriteEndArray();
            json.WriteString("next"u8, page.Next);
            json.WriteEndObject();
        }
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>Never more than one page is held. If it fails half-way the connection is cut, so that half a diff does not look like a whole one.</summary>
    private static async Task StreamAsync(HttpContext context, IRebuilds rebuilds, string id)
    {
        var body = context.Response.BodyWriter;
        var page = await rebuilds.DiffAsync(id, null, QueryText.TakeMax, context.RequestAborted);
        context.Response.ContentType = Lines;
        await using var json = new Utf8JsonWriter(body, JsonText.Options);
        var unsent = 0L;
        RebuildJson.Write(json, page.Summary);
        EndLine();
        while (true)
        {
            foreach (var item in page.Items)
            {
                RebuildJson.Write(json, item);
                EndLine();
                if (unsent < JsonText.BytesPerFlush)
                    continue;
                await body.FlushAsync(context.RequestAborted);
                unsent = 0;
            }
            if (page.Next is null)
                break;
            page = await rebuilds.DiffAsync(id, page.Next, QueryText.TakeMax, context.RequestAborted);
        }
        await body.FlushAsync(context.RequestAborted);

        // The response must not be flushed while the writer still holds memory of it.
        void EndLine()
        {
            json.Flush();
            body.Write("\n"u8);
            unsent += json.BytesCommitted + 1;
            json.Reset();
        }
    }
}
