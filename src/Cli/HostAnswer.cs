using System.Net;
using System.Text.Json;

namespace Kappa.Cli;

/// <summary>What a host answered to a request that it may refuse for a reason that the command knows.</summary>
internal sealed record HostAnswer(Uri Address, HttpStatusCode Status, byte[] Body)
{
    private bool IsRefusal => (int)Status >= 400;

    /// <summary>The JSON of an answer that is no refusal.</summary>
    /// <exception cref="CliException">It was refused; the message says why.</exception>
    public JsonElement Json()
    {
        ThrowIfRefused();
        try
        {
            return JsonElement.Parse(Body);
        }
        catch (JsonException e)
        {
            throw new CliException(ExitCode.Failed, $"{Address} answered, but not as a Kappa host does. Is --to right?", e);
        }
    }

    public void ThrowIfRefused()
    {
        if (!IsRefusal)
            return;
        var code = Status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable ? ExitCode.Unreachable : ExitCode.Failed;
        throw new CliException(code, $"{Address} refused with {(int)Status}: {ProblemText.Of(Body)}");
    }

    /// <summary>The problem details of a refusal.</summary>
    public JsonElement Problem() => JsonElement.Parse(Body);

    /// <summary>Whether it was refused with this problem.</summary>
    public bool Is(string problem)
    {
        try
        {
            return IsRefusal && JsonElement.Parse(Body).TryGetProperty("type", out var type) && type.ValueEquals("/problems/" + problem);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
