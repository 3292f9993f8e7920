using System.Text;
using Kappa.Log;

namespace Kappa.Tests.Events;

public sealed class StableHashTests
{
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1)]
    public void The_hash_of_a_text_is_the_published_XXH64(string text, ulong hash) =>
        Assert.Equal(hash, StableHash.Of(Encoding.UTF8.GetBytes(text)));

    /// <summary>The vectors that the reference implementation checks itself with.</summary>
    [Theory]
    [InlineData(0, 0xEF46DB3751D8E999, 0xAC75FDA2929B17EF)]
    [InlineData(1, 0xE934A84ADB052768, 0x5014607643A9B4C3)]
    [InlineData(14, 0x8282DCC4994E35C8, 0xC3BD6BF63DEB6DF0)]
    [InlineData(222, 0xB641AE8CB691C174, 0x20CB8AB7AE10C14A)]
    public void The_hash_of_the_reference_bytes_is_the_published_XXH64(int length, ulong hash, ulong hashWithSeed)
    {
        const ulong Prime32 = 2654435761, Prime64 = 11400714785074694797;
        var bytes = new byte[length];
        var state = Prime32;
        for (var i = 0; i < length; i++, state = unchecked(state * Prime64))
            bytes[i] = (byte)(state >> 56);
        Assert.Equal(hash, StableHash.Of(bytes));
        Assert.Equal(hashWithSeed, StableHash.Of(bytes, Prime32));
    }

    [Fact]
    public void Buckets_are_even_and_within_bounds()
    {
        foreach (var count in new[] { 1, 3, 4, 32 })
        {
            var filled = new int[count];
            for (var i = 0; i < 32_000; i++)
                filled[StableHash.Partition(BitConverter.GetBytes(i), count)]++;
            Assert.All(filled, n => Assert.InRange(n, 32_000 / count * 0.8, 32_000 / count * 1.2));
            Assert.Equal(0, StableHash.Bucket(0, count));
            Assert.Equal(count - 1, StableHash.Bucket(ulong.MaxValue, count));
        }
    }
}
