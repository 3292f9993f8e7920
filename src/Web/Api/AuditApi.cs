using System.Text.Json;
using Kappa.Views;
using Kappa.Web.Http;

namespace Kappa.Web.Api;

/// <summary>The proof that a view is the fold of the log.</summary>
public static class AuditApi
{
    public static void MapAudit(this IEndpointRouteBuilder api) =>
        api.MapGet("/audit/{view}", AuditAsync)
            .WithSummary("Compares a view with the log: what each instance must have applied, and what it did. Reads the whole log")
            .Produces<object>(200, contentType: "application/json").ProducesProblem(404).ProducesProblem(429).WithTags("Audit");

    private static async Task AuditAsync(HttpContext context, IViews views, AuditPlaces places, string view)
    {
        if (!places.TryTake())
            throw Problem.Overloaded("too-many-audits", "As many audits as may run at once are under way; each reads the whole log. Ask again when one has ended.").AsException();
        try
        {
            await JsonText.RespondAsync(context, await views.AuditAsync(view, context.RequestAborted), Write);
        }
        finally
        {
            places.GiveBack();
        }
    }

    private static void Write(Utf8JsonWriter json, AuditReport report)
    {
        json.WriteStartObject();
        json.WriteString("view"u8, report.View);
        json.WriteBoolean("complete"u8, report.Complete);
        json.WriteNumber("routed"u8, report.Routed);
        json.WriteNumber("applied"u8, report.Applied);
        json.WriteNumber("held"u8, report.Held);
        json.WriteString("cut"u8, report.Cut.ToString());
        json.WriteStartArray("partitions"u8);
        foreach (var partition in report.Partitions)
        {
            json.WriteStartObject();
            json.WriteNumber("partition"u8, partition.Partition);
            json.WriteNumber("events"u8, partition.Events);
            json.WriteNumber("routed"u8, partition.Routed);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("problems"u8);
        foreach (var problem in report.Problems)
        {
            json.WriteStartObject();
            json.WriteString("key"u8, problem.Key);
            json.WriteString("reason"u8, problem.Reason);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
