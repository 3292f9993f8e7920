using System.Text.Json;
using Kappa.Log;
using Kappa.Views;
using Kappa.Web.Http;

namespace Kappa.Web.Api;

/// <summary>Whether the process runs, and whether it serves all that it should.</summary>
public static class HealthApi
{
    private sealed record Readiness(bool IsReady, int Partitions, IReadOnlyList<string> LogProblems, IReadOnlyList<string> CaptureProblems, IReadOnlyList<ViewInfo> Views);

    public static void MapHealth(this IEndpointRouteBuilder api)
    {
        api.MapGet("/health/live", (Delegate)LiveAsync).WithSummary("Says that the process runs").Produces<object>(200, contentType: "application/json").WithTags("Health");
        api.MapGet("/health/ready", ReadyAsync).WithSummary("200 while no partition of the log and no view has stopped; else 503 and which")
            .Produces<object>(200, contentType: "application/json").Produces<object>(503, contentType: "application/json").WithTags("Health");
    }

    private static Task LiveAsync(HttpContext context) => JsonText.RespondAsync(context, 0, static (json, _) =>
    {
        json.WriteStartObject();
        json.WriteString("status"u8, "live"u8);
        json.WriteEndObject();
    });

    private static async Task ReadyAsync(HttpContext context, IViews views, ILogReader log, ILogProblems problems)
    {
        var (list, stopped) = (await views.ListAsync(context.RequestAborted), problems.Current);
        var ready = stopped.Count == 0 && list.All(view => view.Status != ViewStatus.Failed);
        await JsonText.RespondAsync(context, new Readiness(ready, log.PartitionCount, stopped, problems.OfCapture, list), Write,
            ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static void Write(Utf8JsonWriter json, Readiness readiness)
    {
        json.WriteStartObject();
        json.WriteString("status"u8, readiness.IsReady ? "ready"u8 : "not-ready"u8);
        json.WriteStartObject("log"u8);
        json.WriteNumber("partitions"u8, readiness.Partitions);
        json.WriteStartArray("problems"u8);
        foreach (var problem in readiness.LogProblems)
            json.WriteStringValue(problem);
        json.WriteEndArray();
        json.WriteEndObject();
        // Behind with its capture a host serves as well as before.
        json.WriteStartObject("capture"u8);
        json.WriteStartArray("problems"u8);
        foreach (var problem in readiness.CaptureProblems)
            json.WriteStringValue(problem);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("views"u8);
        foreach (var view in readiness.Views)
        {
            json.WriteStartObject();
            json.WriteString("view"u8, view.View);
            json.WriteNumber("version"u8, view.Version);
            json.WriteString("status"u8, view.Status.Text());
            json.WriteString("problem"u8, view.Problem);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
