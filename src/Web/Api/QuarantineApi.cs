using System.ComponentModel;
using System.Text.Json;
using Kappa.Log;
using Kappa.Views;
using Kappa.Web.Http;

namespace Kappa.Web.Api;

/// <summary>What has stopped, and trying it again.</summary>
public static class QuarantineApi
{
    public static void MapQuarantine(this IEndpointRouteBuilder api)
    {
        api.MapGet("/quarantine", ListAsync).WithSummary("Lists the instances that stopped at an event, and the events held at a view itself (key null)")
            .Produces<object>(200, contentType: "application/json").ProducesProblem(400).WithTags("Quarantine");
        api.MapPost("/quarantine/{view}/{key}/retry", RetryKeyAsync).WithSummary("Folds a quarantined instance on from the event that stopped it")
            .Produces<object>(200, contentType: "application/json").ProducesProblem(404).WithTags("Quarantine");
        api.MapPost("/quarantine/{view}/positions/{position}/retry", RetryPositionAsync).WithSummary("Routes again an event that is held at the view itself")
            .Produces<object>(200, contentType: "application/json").ProducesProblem(400).ProducesProblem(404).WithTags("Quarantine");
    }

    private static async Task ListAsync(HttpContext context, IViews views,
        [Description("How many at most: 100 by default, 1000 at most")] string? take,
        [Description("The 'next' of the page before")] string? after)
    {
        var page = await views.QuarantineAsync(after, QueryText.Take(take), context.RequestAborted);
        await JsonText.RespondPageAsync(context, page.Items, page.Next, static (json, item) =>
        {
            json.WriteStartObject();
            json.WriteString("view"u8, item.View);
            json.WriteString("key"u8, item.Key);
            json.WriteString("position"u8, item.Position.ToString());
            json.WriteString("reason"u8, item.Reason);
            json.WriteNumber("held"u8, item.Held);
            json.WriteEndObject();
        });
    }

    private static async Task RetryKeyAsync(HttpContext context, IViews views, string view, string key) =>
        await RespondAsync(context, await views.RetryAsync(view, key, context.RequestAborted), $"the key '{key}'");

    private static async Task RetryPositionAsync(HttpContext context, IViews views, string view, string position)
    {
        if (!Position.TryParse(position, out var at))
            throw Problem.BadRequest("position", $"The position is '{position}', but must be partition:sequence, as in 3:1042.").AsException();
        await RespondAsync(context, await views.RetryAsync(view, at, context.RequestAborted), $"the position {at}");
    }

    private static Task RespondAsync(HttpContext context, RetryResult result, string what)
    {
        if (result.Status == RetryStatus.NotQuarantined)
            throw Problem.NotFound("not-quarantined", $"Nothing is quarantined at {what}; GET /quarantine lists what is.").AsException();
        return JsonText.RespondAsync(context, result, Write);
    }

    private static void Write(Utf8JsonWriter json, RetryResult result)
    {
        json.WriteStartObject();
        json.WriteString("status"u8, result.Status == RetryStatus.Released ? "released"u8 : "still-quarantined"u8);
        json.WriteNumber("applied"u8, result.Applied);
        json.WriteNumber("held"u8, result.Held);
        if (result.Quarantined is { } quarantine)
        {
            json.WriteStartObject("quarantined"u8);
            json.WriteString("position"u8, quarantine.Position.ToString());
            json.WriteString("reason"u8, quarantine.Reason);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
