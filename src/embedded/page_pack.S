    .section .rodata
    .global windlass_page_pack_begin
    .global windlass_page_pack_end
windlass_page_pack_begin:
    .incbin "page.pack"
windlass_page_pack_end:
    .byte 0
    .section .note.GNU-stack,"",@progbits
