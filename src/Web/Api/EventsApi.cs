using Microsoft.OpenApi;

namespace Kappa.Web.Api;

/// <summary>Appends events.</summary>
public static class EventsApi
{
    public static void MapEvents(this IEndpointRouteBuilder api) =>
        api.MapPost("/events", (HttpContext context, EventAppender appender) => appender.AppendAsync(context))
            .WithSummary("Appends CloudEvents: one, several, or one in binary mode; all are valid or none is appended, and 200 means durable")
            .WithDescription("The answer is {\"appended\",\"duplicates\",\"receipt\",\"cut\"}. An event that is in the log already, by source and id, counts as a duplicate; "
                + "so after any failure the same events can be sent again. A read with the receipt reflects this append; reads at the cut, of any keys and views, reflect it and belong together.")
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                operation.RequestBody = new OpenApiRequestBody
                {
                    Required = true,
                    Content = new Dictionary<string, OpenApiMediaType> { [EventAppender.Structured] = new(), [EventAppender.Batch] = new(), ["*/*"] = new() },
                };
                return Task.CompletedTask;
            })
            .Produces<object>(200, contentType: "application/json").ProducesProblem(400).ProducesProblem(408).ProducesProblem(413)
            .ProducesProblem(415).ProducesProblem(429).ProducesProblem(503).WithTags("Events");
}
