using System.ComponentModel;
using Kappa.Views;
using Kappa.Web.Http;
using Microsoft.OpenApi;

namespace Kappa.Web.Api;

/// <summary>Builds of views beside those that serve: start, follow, promote, roll back, discard.</summary>
public static class RebuildsApi
{
    public static void MapRebuilds(this IEndpointRouteBuilder api)
    {
        api.MapPost("/views/{view}/rebuilds", StartAsync).WithSummary("Starts folding a version of a view from the start of the log, beside the build that serves")
            .WithDescription("The body may be {\"version\":2,\"dryRun\":true}; the newest registered version by default. A dry run starts nothing and answers 200 with an estimate.")
            .WithJsonBody().Produces<object>(201, contentType: "application/json").Produces<object>(200, contentType: "application/json")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).WithTags("Rebuilds");
        api.MapGet("/rebuilds", ListAsync).WithSummary("Lists the builds of all views or of one, with those that serve and those that are kept")
            .Produces<object>(200, contentType: "application/json").ProducesProblem(404).WithTags("Rebuilds");
        api.MapGet("/rebuilds/{id}", GetAsync).WithSummary("Shows one build: its state and how far it is")
            .Produces<object>(200, contentType: "application/json").ProducesProblem(404).WithTags("Rebuilds");
        api.MapRebuildDiff();
        api.MapPost("/rebuilds/{id}/promote", PromoteAsync).WithSummary("Makes a build that is ready the one that serves, if its gate lets it")
            .WithDescription("The body may be {\"gate\":{\"changedMax\":0,\"onlyFields\":[\"/averageOrder\"]}}; a gate that does not hold is 409 /problems/gate-refused, and nothing changes.")
            .WithJsonBody().Produces<object>(200, contentType: "application/json").ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).WithTags("Rebuilds");
        Step(api, "pause", "Stops folding for now", static (rebuilds, id, cancelled) => rebuilds.PauseAsync(id, cancelled));
        Step(api, "resume", "Goes on folding where it was paused", static (rebuilds, id, cancelled) => rebuilds.ResumeAsync(id, cancelled));
        Step(api, "rollback", "Undoes the promotion of the build that serves: the one before serves again", static (rebuilds, id, cancelled) => rebuilds.RollbackAsync(id, cancelled));
        api.MapPost("/rebuilds/{id}/discard", DiscardAsync).WithSummary("Deletes a build that does not serve, and frees its disk space")
            .Produces(204).ProducesProblem(404).ProducesProblem(409).WithTags("Rebuilds");
    }

    private static void Step(IEndpointRouteBuilder api, string name, string summary, Func<IRebuilds, string, CancellationToken, ValueTask<RebuildInfo>> step) =>
        api.MapPost($"/rebuilds/{{id}}/{name}", async (HttpContext context, IRebuilds rebuilds, string id) =>
            {
                await NoBodyAsync(context);
                await JsonText.RespondAsync(context, await step(rebuilds, id, context.RequestAborted), RebuildJson.Write);
            })
            .WithSummary(summary).Produces<object>(200, contentType: "application/json").ProducesProblem(404).ProducesProblem(409).WithTags("Rebuilds");

    private static async Task StartAsync(HttpContext context, IRebuilds rebuilds, string view)
    {
        var body = await JsonBody.ReadAsync(context);
        var (version, dryRun) = ((int?)body.Number("version", 1, int.MaxValue), body.Flag("dryRun"));
        body.End("version", "dryRun");
        body.ThrowIfWrong();
        if (dryRun)
        {
            await JsonText.RespondAsync(context, await rebuilds.EstimateAsync(view, version, context.RequestAborted), RebuildJson.Write);
            return;
        }
        var build = await rebuilds.StartAsync(view, version, context.RequestAborted);
        context.Response.Headers.Location = $"/rebuilds/{Uri.EscapeDataString(build.Id)}";
        await JsonText.RespondAsync(context, build, RebuildJson.Write, StatusCodes.Status201Created);
    }

    private static async Task ListAsync(HttpContext context, IRebuilds rebuilds, [Description("Only the builds of this view")] string? view)
    {
        var builds = await rebuilds.ListBuildsAsync(view, context.RequestAborted);
        await JsonText.RespondPageAsync(context, builds, next: null, RebuildJson.Write);
    }

    private static async Task GetAsync(HttpContext context, IRebuilds rebuilds, string id) =>
        await JsonText.RespondAsync(context, await rebuilds.GetBuildAsync(id, context.RequestAborted), RebuildJson.Write);

    private static async Task PromoteAsync(HttpContext context, IRebuilds rebuilds, string id)
    {
        var body = await JsonBody.ReadAsync(context);
        PromotionGate? gate = null;
        if (body.Object("gate") is { } rules)
        {
            gate = new PromotionGate(rules.Number("changedMax", 0, long.MaxValue), rules.Texts("onlyFields"));
            rules.End("changedMax", "onlyFields");
        }
        body.End("gate");
        body.ThrowIfWrong();
        var result = await rebuilds.PromoteAsync(id, gate, context.RequestAborted);
        if (!result.Promoted)
            throw (new Problem(StatusCodes.Status409Conflict, "gate-refused", "The gate refuses this promotion.",
                "The differences are not within the gate, so nothing changed; 'refusals' names each rule that does not hold, and the keys against it. "
                + $"GET /rebuilds/{id}/diff shows what differs.", "gate") with { Refusals = result.Refusals }).AsException();
        await JsonText.RespondAsync(context, result, RebuildJson.Write);
    }

    private static async Task DiscardAsync(HttpContext context, IRebuilds rebuilds, string id)
    {
        await NoBodyAsync(context);
        await rebuilds.DiscardAsync(id, context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task NoBodyAsync(HttpContext context)
    {
        var body = await JsonBody.ReadAsync(context);
        body.End("nothing");
        body.ThrowIfWrong();
    }

    private static RouteHandlerBuilder WithJsonBody(this RouteHandlerBuilder endpoint) => endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        operation.RequestBody = new OpenApiRequestBody { Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() } };
        return Task.CompletedTask;
    });
}
