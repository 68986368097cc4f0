    .section .rodata
    .global windlass_sdk_pack_begin
    .global windlass_sdk_pack_end
windlass_sdk_pack_begin:
    .incbin "sdk.pack"
windlass_sdk_pack_end:
    .byte 0
    .section .note.GNU-stack,"",@progbits
