using System.Text.Json;

namespace Kappa.Engine.Instances;

/// <summary>A stored state as it is served: without the top-level properties whose names start with <c>$</c>, which belong to the fold.</summary>
internal static class ServedState
{
    public static byte[] Of(ReadOnlySpan<byte> state) =>
        state.IndexOf("\"$"u8) < 0 || state[0] != (byte)'{' ? state.ToArray() : Without(state);

    private static byte[] Without(ReadOnlySpan<byte> state)
    {
        var served = new MemoryStream(state.Length);
        served.WriteByte((byte)'{');
        var reader = new Utf8JsonReader(state);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var hidden = reader.ValueSpan.StartsWith("$"u8);
            var start = (int)reader.TokenStartIndex;
            reader.Read();
            reader.Skip();
            if (hidden)
                continue;
            if (served.Length > 1)
                served.WriteByte((byte)',');
            served.Write(state[start..(int)reader.BytesConsumed]);
        }
        served.WriteByte((byte)'}');
        return served.ToArray();
    }
}
