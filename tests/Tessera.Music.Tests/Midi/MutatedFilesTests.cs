using Tessera.Music.Midi;
using Tessera.Music.Tokens;
using Tessera.Storage;

namespace Tessera.Music.Tests.Midi;

public sealed class MutatedFilesTests
{
    [Fact]
    public void Mutated_files_are_read_or_refused_in_words() =>
        Mutate([.. Enumerable.Range(0, 20).Select(seed => MidiFile.ToBytes(RandomScores.Make(seed), seed % 2))], 3_000);

    [Fact]
    public void Mutated_files_of_groove_are_read_or_refused_in_words() =>
        Mutate([.. GrooveData.Files().Where((_, i) => i % 20 == 0).Select(File.ReadAllBytes).Where(bytes => bytes.Length < 20_000)], 5_000);

    private static void Mutate(byte[][] files, int count)
    {
        var tokenizer = new Tokenizer();
        int read = 0, refused = 0;
        for (int seed = 0; seed < count; seed++)
        {
            var random = new Random(seed);
            byte[] bytes = [.. files[seed % files.Length]];
            for (int change = random.Next(1, 8); change > 0; change--)
            {
                int at = random.Next(4) == 0 ? random.Next(Math.Min(60, bytes.Length)) : random.Next(bytes.Length);
                bytes[at] = random.Next(3) switch { 0 => (byte)random.Next(256), 1 => 0xFF, _ => (byte)(bytes[at] ^ 1 << random.Next(8)) };
            }

            if (random.Next(4) == 0)
                bytes = bytes[..random.Next(bytes.Length)];
            try
            {
                Score score = MidiFile.Parse(bytes, "mutated");
                Tokenizer.Decode(tokenizer.Encode(score));
                read++;
            }
            catch (TesseraFormatException)
            {
                refused++;
            }
            catch (ArgumentException error) when (error.Message.Contains("bars", StringComparison.Ordinal))
            {
                refused++;
            }
        }

        Assert.Equal(count, read + refused);
        Assert.InRange(read, count / 20, count);
        Assert.InRange(refused, count / 20, count);
    }
}
