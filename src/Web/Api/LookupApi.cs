using System.ComponentModel;
using Kappa.Views;
using Kappa.Web.Http;

namespace Kappa.Web.Api;

/// <summary>Instances found by something else than their key.</summary>
public static class LookupApi
{
    public static void MapLookups(this IEndpointRouteBuilder api)
    {
        api.MapGet("/views/{view}/by/{lookup}/{value}", LookupAsync)
            .WithSummary("Finds instances by a lookup: equal to the value, or starting with it where the lookup is by prefix")
            .Produces<object>(200, contentType: "application/json").ProducesProblem(400).ProducesProblem(404).WithTags("Views");
        api.MapGet("/views/{view}/top/{rank}", TopAsync).WithSummary("The first instances of a rank: descending, ties by key")
            .Produces<object>(200, contentType: "application/json").ProducesProblem(400).ProducesProblem(404).WithTags("Views");
    }

    private static async Task LookupAsync(HttpContext context, IViews views, string view, string lookup, string value,
        [Description("How many at most: 100 by default, 1000 at most")] string? take,
        [Description("The 'next' of the page before")] string? after)
    {
        var page = await views.LookupAsync(view, lookup, value, after, QueryText.Take(take), context.RequestAborted);
        await JsonText.RespondPageAsync(context, page.Items, page.Next, EnvelopeJson.Write);
    }

    private static async Task TopAsync(HttpContext context, IViews views, string view, string rank,
        [Description("How many at most: 100 by default, 1000 at most")] string? take)
    {
        var items = await views.TopAsync(view, rank, QueryText.Take(take), context.RequestAborted);
        await JsonText.RespondPageAsync(context, items, next: null, EnvelopeJson.Write);
    }
}
