using System.Reflection;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Kappa.Web.Http;

/// <summary>
/// A query parameter that a call does not know is an error, not something to pass over: a misspelt <c>recipt=</c> would otherwise
/// give a stale read. The names that a call knows are the text parameters of its handler, so they cannot drift
/// apart from what OpenAPI says.
/// </summary>
internal static class QueryRules
{
    private sealed record Names(HashSet<string> Known);

    /// <summary>Notes on each endpoint of the group which query parameters it knows.</summary>
    public static TBuilder WithStrictQuery<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder
    {
        endpoints.Finally(endpoint =>
        {
            if (endpoint is not RouteEndpointBuilder route || endpoint.Metadata.OfType<MethodInfo>().FirstOrDefault() is not { } handler)
                return;
            var known = handler.GetParameters().Where(parameter => parameter.ParameterType == typeof(string))
                .Select(parameter => parameter.Name!).Where(name => route.RoutePattern.GetParameter(name) is null);
            endpoint.Metadata.Add(new Names(known.ToHashSet(StringComparer.Ordinal)));
        });
        return endpoints;
    }

    public static IApplicationBuilder UseStrictQuery(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Request.QueryString.HasValue && context.GetEndpoint()?.Metadata.GetMetadata<Names>() is { } names)
            Check(context.Request, names.Known);
        return next(context);
    });

    private static void Check(HttpRequest request, HashSet<string> known)
    {
        // Lenient decoding would leave a broken escape as it is, and so address another key than was meant.
        if (RawTarget.Decode(request.QueryString.Value) is null)
            throw Problem.BadRequest("query", "The query is not percent-encoded UTF-8; encode each byte outside the unreserved characters as %XX.").AsException();
        foreach (var (name, values) in request.Query)
        {
            if (!known.Contains(name))
                throw Problem.BadRequest(name, known.Count == 0
                    ? $"The query parameter '{name}' is not known; this call takes none."
                    : $"The query parameter '{name}' is not known; this call takes {string.Join(", ", known.Order(StringComparer.Ordinal))}.").AsException();
            if (values.Count != 1)
                throw Problem.BadRequest(name, $"The query parameter '{name}' is given {values.Count} times; give it once.").AsException();
        }
    }
}
