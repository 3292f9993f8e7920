using System.Text.Json;
using Kappa.Views;

namespace Kappa.Web.Api;

/// <summary>How a view is doing, as JSON.</summary>
internal static class ViewInfoJson
{
    public static void Write(Utf8JsonWriter json, ViewInfo view)
    {
        json.WriteStartObject();
        json.WriteString("view"u8, view.View);
        json.WriteNumber("version"u8, view.Version);
        json.WriteString("status"u8, view.Status.Text());
        json.WriteNumber("instances"u8, view.Instances);
        json.WriteString("watermark"u8, view.Watermark.ToString());
        json.WriteNumber("lag"u8, view.Lag);
        json.WriteNumber("applied"u8, view.Applied);
        json.WriteNumber("quarantined"u8, view.Quarantined);
        json.WriteNumber("held"u8, view.Held);
        if (view.Repairs is { } repairs)
            json.WriteNumber("repairs"u8, repairs.Sum());
        json.WriteString("problem"u8, view.Problem);
        json.WriteStartArray("lookups"u8);
        foreach (var lookup in view.Lookups)
            json.WriteStringValue(lookup.Name);
        json.WriteEndArray();
        json.WriteStartArray("ranks"u8);
        foreach (var rank in view.Ranks)
            json.WriteStringValue(rank.Name);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
