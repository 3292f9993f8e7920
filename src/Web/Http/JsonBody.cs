using System.Text.Json;
using Kappa.Events;

namespace Kappa.Web.Http;

/// <summary>
/// A JSON object as the body of a request, read strictly: what a call does not know, and what does not fit, is collected and refused as a whole,
/// so that a misspelt <c>chagnedMax</c> never means "no gate". No body at all is an object without members.
/// </summary>
internal sealed class JsonBody
{
    private readonly Dictionary<string, JsonElement> _left;
    private readonly List<EventProblem> _errors;
    private readonly string _prefix;

    private JsonBody(JsonElement members, string prefix, List<EventProblem> errors)
    {
        (_prefix, _errors) = (prefix, errors);
        _left = members.ValueKind == JsonValueKind.Object
            ? members.EnumerateObject().ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal)
            : [];
    }

    public static async ValueTask<JsonBody> ReadAsync(HttpContext context)
    {
        var services = context.RequestServices;
        using var body = await RequestBody.ReadAsync(
            context, services.GetRequiredService<WebLimits>(), services.GetRequiredService<BodyPlaces>(), services.GetRequiredService<TimeProvider>());
        if (body.Bytes.IsEmpty)
            return new JsonBody(default, "", []);
        if (!context.Request.HasJsonContentType())
            throw Problem.OfStatus(StatusCodes.Status415UnsupportedMediaType).AsException();
        return new JsonBody(Parse(body.Bytes), "", []);
    }

    public bool Flag(string name) => Take(name, JsonValueKind.True, JsonValueKind.False, "true or false") is { ValueKind: JsonValueKind.True };

    public long? Number(string name, long least, long most)
    {
        var expected = $"a whole number from {least} to {most}";
        if (Take(name, JsonValueKind.Number, JsonValueKind.Number, expected) is not { } value)
            return null;
        if (value.TryGetInt64(out var number) && number >= least && number <= most)
            return number;
        Refuse(name, $"must be {expected}, but is {value.GetRawText()}.");
        return null;
    }

    /// <summary>Texts that are not empty.</summary>
    public IReadOnlyList<string>? Texts(string name)
    {
        const string expected = "a list of texts, none of them empty";
        if (Take(name, JsonValueKind.Array, JsonValueKind.Array, expected) is not { } list)
            return null;
        if (list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String && item.GetString() is { Length: > 0 }))
            return [.. list.EnumerateArray().Select(item => item.GetString()!)];
        Refuse(name, $"must be {expected}.");
        return null;
    }

    /// <summary>The members of an object inside this one; check its end too.</summary>
    public JsonBody? Object(string name) =>
        Take(name, JsonValueKind.Object, JsonValueKind.Object, "an object") is { } value ? new JsonBody(value, _prefix + name + ".", _errors) : null;

    /// <summary>Notes each member that nobody asked for.</summary>
    public void End(params ReadOnlySpan<string> known)
    {
        foreach (var name in _left.Keys)
            Refuse(name, $"is not known; {(_prefix.Length == 0 ? "this body" : _prefix[..^1])} takes {string.Join(", ", known!)}.");
    }

    /// <exception cref="ProblemException">Something did not fit; all of it is named.</exception>
    public void ThrowIfWrong()
    {
        if (_errors.Count > 0)
            throw (Problem.BadRequest(_errors[0].Field, "The body is not valid, and nothing was done; each entry of 'errors' names a member and the reason.")
                with { Errors = _errors }).AsException();
    }

    private JsonElement? Take(string name, JsonValueKind kind, JsonValueKind orKind, string expected)
    {
        if (!_left.Remove(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind == kind || value.ValueKind == orKind)
            return value;
        Refuse(name, $"must be {expected}.");
        return null;
    }

    private void Refuse(string name, string reason) => _errors.Add(new EventProblem(0, _prefix + name, reason));

    private static JsonElement Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 16 });
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw Problem.BadRequest("body", $"The body is not JSON: {e.Message}").AsException();
        }
        throw Problem.BadRequest("body", "The body must be a JSON object.").AsException();
    }
}
