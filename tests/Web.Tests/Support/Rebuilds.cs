using System.Net;
using System.Text;
using System.Text.Json;

namespace Kappa.Tests;

/// <summary>Asks for steps on builds in a line.</summary>
internal static class Rebuilds
{
    public static Task<HttpResponseMessage> PostJsonAsync(this HttpClient client, string path, string? json, string contentType = "application/json") =>
        client.PostAsync(Post.Raw(client, path), json is null ? null : new StringContent(json, Encoding.UTF8, contentType));

    public static async Task<JsonElement> StepAsync(this HttpClient client, string path, string? json = null, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await client.PostJsonAsync(path, json);
        return await answer.JsonAsync(expected);
    }

    /// <summary>The build of a version beside the one that serves, once it is ready.</summary>
    public static async Task<string> ReadyAsync(this HttpClient client, string view, int version)
    {
        using var limit = new CancellationTokenSource(Post.Patience);
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            foreach (var build in (await client.ReadAsync($"/rebuilds?view={view}")).GetProperty("items").EnumerateArray())
                if (build.GetProperty("version").GetInt32() == version && build.GetProperty("state").GetString() is "ready")
                    return build.GetProperty("id").GetString()!;
        }
    }

    public static string Text(this JsonElement of, string name) => of.GetProperty(name).ToString();
}
