using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Kappa.Tests;

/// <summary>Appends and reads in a line.</summary>
internal static class Post
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>One placed order as CloudEvents JSON.</summary>
    public static string Order(string id, string customer, decimal total = 1, string type = "shop.order.placed") =>
        $$$"""
        {"specversion":"1.0","id":{{{JsonSerializer.Serialize(id)}}},"source":"/tests","type":"{{{type}}}","subject":"customer","time":"2010-12-01T08:26:00Z",
         "data":{"orderId":{{{JsonSerializer.Serialize(id)}}},"customerId":{{{JsonSerializer.Serialize(customer)}}},"currency":"GBP","lines":[],"total":{{{total}}}}}
        """;

    public static Task<HttpResponseMessage> EventsAsync(this HttpClient client, string body, string contentType = "application/cloudevents+json") =>
        EventsAsync(client, Encoding.UTF8.GetBytes(body), contentType);

    public static Task<HttpResponseMessage> EventsAsync(this HttpClient client, byte[] body, string? contentType)
    {
        var content = new ByteArrayContent(body);
        if (contentType is not null)
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return client.PostAsync("/events", content);
    }

    /// <summary>Appends orders in one batch, all of which must be taken; returns the receipt.</summary>
    public static async Task<string> OrdersAsync(this HttpClient client, params IEnumerable<string> orders)
    {
        using var answer = await client.EventsAsync($"[{string.Join(",", orders)}]", "application/cloudevents-batch+json");
        var json = await answer.JsonAsync(HttpStatusCode.OK);
        return json.GetProperty("receipt").GetString()!;
    }

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer, HttpStatusCode expected)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(expected == answer.StatusCode, $"{(int)answer.StatusCode} instead of {(int)expected}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    public static async Task<JsonElement> ReadAsync(this HttpClient client, string path, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await client.GetAsync(Raw(client, path));
        return await answer.JsonAsync(expected);
    }

    /// <summary>All events of the log, partition by partition.</summary>
    public static async Task<List<JsonElement>> LogAsync(this HttpClient client)
    {
        var events = new List<JsonElement>();
        foreach (var partition in (await client.ReadAsync("/log")).GetProperty("partitions").EnumerateArray())
            events.AddRange((await client.ReadAsync($"/log/{partition.GetProperty("partition")}")).GetProperty("items").EnumerateArray());
        return events;
    }

    /// <summary>Checks that an answer is problem details with this type, and returns them.</summary>
    public static async Task<JsonElement> ProblemAsync(this HttpResponseMessage answer, HttpStatusCode status, string what, string? field = null)
    {
        var json = await answer.JsonAsync(status);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("/problems/" + what, json.GetProperty("type").GetString());
        Assert.Equal((int)status, json.GetProperty("status").GetInt32());
        Assert.NotEqual("", json.GetProperty("detail").GetString());
        if (field is not null)
            Assert.Equal(field, json.GetProperty("field").GetString());
        return json;
    }

    /// <summary>An address that is sent exactly as it is written, with <c>%2F</c> and <c>..</c> in it.</summary>
    public static Uri Raw(HttpClient client, string path) =>
        new(client.BaseAddress!.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
}
