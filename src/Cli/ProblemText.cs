using System.Text;
using System.Text.Json;

namespace Kappa.Cli;

/// <summary>Problem details (RFC 9457) as text for people.</summary>
internal static class ProblemText
{
    private const int ErrorsMax = 10;

    public static string Of(byte[] body)
    {
        try
        {
            var problem = JsonElement.Parse(body);
            var text = new StringBuilder(Text(problem, "detail") ?? Text(problem, "title") ?? "no reason given");
            if (problem.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array)
            {
                var ofEvents = Text(problem, "type") != "/problems/bad-request";
                foreach (var error in errors.EnumerateArray().Take(ErrorsMax))
                    text.Append($"\n  {(ofEvents ? $"event {Text(error, "index")}, " : "")}{Text(error, "field")}: {Text(error, "reason")}");
                if (errors.GetArrayLength() > ErrorsMax)
                    text.Append($"\n  and {errors.GetArrayLength() - ErrorsMax} more");
            }
            return text.ToString();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return $"{Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 200)))} (no problem details: is this a Kappa host?)";
        }
    }

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.ToString() : null;
}
