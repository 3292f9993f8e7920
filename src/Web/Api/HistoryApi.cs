using System.ComponentModel;
using System.Text.Json;
using Kappa.Views;
using Kappa.Web.Http;

namespace Kappa.Web.Api;

/// <summary>Explains an instance: which events made it what it is.</summary>
public static class HistoryApi
{
    private static readonly JsonEncodedText _event = JsonEncodedText.Encode("event"), _before = JsonEncodedText.Encode("before"),
        _after = JsonEncodedText.Encode("after");

    public static void MapHistory(this IEndpointRouteBuilder api) =>
        api.MapGet("/views/{view}/{key}/history", HistoryAsync)
            .WithSummary("Explains an instance: each event that it applied, in order, with the state before and after")
            .Produces<object>(200, contentType: "application/json").ProducesProblem(400).ProducesProblem(404).ProducesProblem(410).WithTags("Views");

    private static async Task HistoryAsync(HttpContext context, IViews views, string view, string key,
        [Description("How many at most: 100 by default, 1000 at most; a page of large states has fewer")] string? take,
        [Description("The 'next' of the page before")] string? after)
    {
        var page = await views.HistoryAsync(view, key, QueryText.Number("after", after, otherwise: 0), QueryText.Take(take), context.RequestAborted)
            ?? throw Problem.NotFound("unknown-key", $"View '{view}' has nothing for the key '{key}'.", "key").AsException();
        await JsonText.RespondPageAsync(context, page.Items, page.Next, static (json, item) =>
        {
            json.WriteStartObject();
            json.WriteNumber("version"u8, item.Version);
            json.WriteString("position"u8, item.Position.ToString());
            JsonText.WriteRaw(json, _event, item.Event);
            JsonText.WriteRaw(json, _before, item.Before);
            JsonText.WriteRaw(json, _after, item.After);
            json.WriteEndObject();
        });
    }
}
