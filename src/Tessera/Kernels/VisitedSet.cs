using System.Runtime.CompilerServices;

namespace Tessera.Kernels;

/// <summary>Which nodes a walk has met: a byte each, which holds the number of the walk, so that starting anew clears nothing but once in 255 walks.</summary>
internal sealed class VisitedSet
{
    private byte[] _marks = [];
    private byte _walk;

    /// <summary>The marks and the value that means visited in this walk.</summary>
    public (byte[] Marks, byte Walk) Start(int nodes)
    {
        if (_marks.Length < nodes)
        {
            _marks = new byte[nodes + nodes / 2];
            _walk = 0;
        }

        if (++_walk == 0)
        {
            Array.Clear(_marks);
            _walk = 1;
        }

        return (_marks, _walk);
    }
}
