using System.Buffers.Binary;

namespace Telemedicine.Media.Fuzz;

/// <summary>Something that takes bytes from the network. One input must leave nothing behind that changes what the next one does.</summary>
internal abstract class Target : IDisposable
{
    public abstract string Name { get; }

    /// <summary>Well-formed inputs to begin with, beside the files in Seeds.</summary>
    public abstract IEnumerable<byte[]> Seeds { get; }

    /// <exception cref="InvalidOperationException">What was read breaks a promise of the reader's.</exception>
    public abstract void Run(byte[] input);

    /// <summary>Wire data never throws; only a client's parameters may be refused so.</summary>
    public virtual bool Expects(Exception thrown) => false;

    public virtual void Dispose()
    {
    }

    protected static void Require(bool holds, string promise)
    {
        if (!holds)
            throw new InvalidOperationException(promise);
    }

    /// <summary>An input of several datagrams: each with a byte that says what to do with it, and its length in two.</summary>
    protected static byte[] Script(params (byte Kind, byte[] Datagram)[] steps) =>
        [.. steps.SelectMany(step => (byte[])[step.Kind, (byte)(step.Datagram.Length >> 8), (byte)step.Datagram.Length, .. step.Datagram])];

    protected delegate void Step(byte kind, Span<byte> datagram);

    /// <summary>The last one may be cut short.</summary>
    protected static void Play(byte[] script, Step step)
    {
        const int HeaderLength = 3, MaximumSteps = 64;
        var rest = script.ToArray().AsSpan();
        for (var steps = 0; rest.Length >= HeaderLength && steps < MaximumSteps; steps++)
        {
            var kind = rest[0];
            var length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(rest[1..]), rest.Length - HeaderLength);
            step(kind, rest.Slice(HeaderLength, length));
            rest = rest[(HeaderLength + length)..];
        }
    }
}
