using System.Text.Json;
using Kappa.Views;

namespace Kappa.Web.Http;

/// <summary>Writes problems as <c>application/problem+json</c>.</summary>
internal static class ProblemJson
{
    /// <summary>More than this many errors of one request are counted, not listed, so that an answer stays small.</summary>
    private const int ErrorsMax = 100;

    public static async Task WriteAsync(HttpContext context, Problem problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = "application/problem+json";
        response.Headers.CacheControl = "no-store";
        if (problem.EndsConnection && HttpProtocol.IsHttp11(context.Request.Protocol))
            response.Headers.Connection = "close";
        if (problem.RetryAfter is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await using (var json = new Utf8JsonWriter(response.BodyWriter, JsonText.Options))
            Write(json, problem);
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static void Write(Utf8JsonWriter json, Problem problem)
    {
        json.WriteStartObject();
        json.WriteString("type", "/problems/" + problem.What);
        json.WriteString("title", problem.Title);
        json.WriteNumber("status", problem.Status);
        json.WriteString("detail", problem.Detail);
        if (problem.Field is not null)
            json.WriteString("field", problem.Field);
        if (problem.Errors.Count > 0)
        {
            json.WriteStartArray("errors");
            foreach (var error in problem.Errors.Take(ErrorsMax))
            {
                json.WriteStartObject();
                json.WriteNumber("index", error.Index);
                json.WriteString("field", error.Field);
                json.WriteString("reason", error.Reason);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            if (problem.Errors.Count > ErrorsMax)
                json.WriteNumber("errorsLeftOut", problem.Errors.Count - ErrorsMax);
        }
        if (problem.Refusals.Count > 0)
            Write(json, problem.Refusals);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<GateRefusal> refusals)
    {
        json.WriteStartArray("refusals");
        foreach (var refusal in refusals)
        {
            json.WriteStartObject();
            json.WriteString("rule", refusal.Rule);
            json.WriteString("reason", refusal.Reason);
            json.WriteNumber("count", refusal.Count);
            json.WriteStartArray("keys");
            foreach (var key in refusal.Keys)
                json.WriteStringValue(key);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
